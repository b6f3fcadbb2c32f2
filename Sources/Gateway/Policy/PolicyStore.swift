package import ExchangeCore
package import StrictJSON
import Threading

/// The policy that decides now. Each request takes the whole set once; a reload changes it for later ones.
package final class PolicyStore: Sendable {
    private let files: PolicyFiles
    private let now: @Sendable () -> Timestamp
    private let state: Lock<State>

    fileprivate struct State {
        var policy: PolicySet
        var loadedAt: Timestamp
        /// Nil when the last load was good.
        var faults: PolicyFaults?
        /// What lay in the folder at the last load, good or not.
        var marks: [FileMark]
        /// Loads are numbered as they begin, so that one that lingered cannot undo a later one.
        var begun = 0
        var finished = 0
    }

    /// Loads `files`; without a policy there is no store.
    package init(
        loading files: PolicyFiles, now: @escaping @Sendable () -> Timestamp = Timestamp.now
    ) throws(PolicyFaults) {
        let loaded = try files.load(at: now())
        self.files = files
        self.now = now
        state = Lock(State(policy: loaded.policy, loadedAt: now(), faults: nil, marks: loaded.marks))
    }

    /// The last good set.
    package var current: PolicySet { state.withLock { $0.policy } }
    /// When the last good set was loaded.
    package var loadedAt: Timestamp { state.withLock { $0.loadedAt } }
    /// What is wrong with the files as they are now; nil when the current set is what they say.
    package var faults: PolicyFaults? { state.withLock { $0.faults } }

    /// Reads the files again: all of it or nothing. A faulty, empty or unreadable set leaves the last good one in place.
    package func reload() -> ReloadOutcome {
        let number = state.withLock { state in
            state.begun += 1
            return state.begun
        }
        let marks = files.marks()
        do throws(PolicyFaults) {
            let time = now()
            let loaded = try files.load(at: time)
            return state.withLock { $0.install(loaded, at: time, number: number) }
        } catch {
            return state.withLock { $0.keep(error, marks: marks, number: number) }
        }
    }

    /// Reloads whenever the files look different, until `sleep` throws, as it does when its task is cancelled.
    ///
    /// A change binds within two seconds: a look each second, which for a few files costs nothing, and the loading.
    package func watch(
        every interval: Duration = .seconds(1), sleep: (Duration) async throws -> Void, report: (ReloadOutcome) -> Void
    ) async {
        while true {
            do { try await sleep(interval) } catch { return }
            let marks = files.marks()
            if state.withLock({ $0.marks != marks }) { report(reload()) }
        }
    }
}

/// What a reload did.
package enum ReloadOutcome: Sendable {
    /// The files say what they said.
    case unchanged(digest: String)
    /// `losses` are the bounds of the old set that the new one lacks or has otherwise.
    case replaced(from: String, to: String, losses: [PolicyLoss])
    /// The files are faulty; the set of this digest stays.
    case kept(digest: String, faults: PolicyFaults)
}

extension PolicyStore.State {
    fileprivate mutating func install(_ loaded: LoadedPolicy, at time: Timestamp, number: Int) -> ReloadOutcome {
        let old = policy
        guard number > finished else { return .unchanged(digest: old.digest) }
        finished = number
        faults = nil
        marks = loaded.marks
        guard loaded.policy.digest != old.digest else { return .unchanged(digest: old.digest) }
        policy = loaded.policy
        loadedAt = time
        return .replaced(from: old.digest, to: policy.digest, losses: old.losses(to: policy))
    }

    fileprivate mutating func keep(_ faults: PolicyFaults, marks: [FileMark], number: Int) -> ReloadOutcome {
        guard number > finished else { return .unchanged(digest: policy.digest) }
        finished = number
        self.faults = faults
        self.marks = marks
        return .kept(digest: policy.digest, faults: faults)
    }
}
