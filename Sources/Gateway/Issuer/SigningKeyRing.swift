import ExchangeCore
import StrictJSON
import Threading

/// The gateway's private keys: read from files, renewed without a restart, and given out one at a time to sign with.
final class SigningKeyRing: Sendable {
    private let files: KeyFiles
    private let now: @Sendable () -> Timestamp
    private let state: Lock<State>

    fileprivate struct State {
        var ring: RingState
        /// What lay there at the last reading, good or not.
        var marks: [FileMark]
    }

    /// What a reading of the files did.
    enum Reload: Sendable, Equatable {
        case unchanged
        /// `added` and `gone` are key ids; the files of `needed` are gone too, and the keys are not.
        case replaced(added: [String], gone: [String], needed: [String])
        /// The files are faulty; all keys stay.
        case failed(cause: String)
    }

    /// Reads `files`; without a key there is no ring.
    init(
        _ files: KeyFiles, publishAhead: Duration, now: @escaping @Sendable () -> Timestamp
    ) throws(StartFailure) {
        let loaded = try files.loadSome()
        self.files = files
        self.now = now
        state = Lock(State(ring: RingState(loaded.keys, publishAhead: publishAhead), marks: loaded.marks))
    }

    /// The key that signs now. Its use is noted: it stays published for a day after.
    func signer() throws(Refusal) -> SigningKey {
        let moment = now()
        guard let key = state.withLock({ $0.ring.take(at: moment) }) else {
            throw .issuerUnpublished(cause: unreadiness ?? "no key may sign")
        }
        return key
    }

    /// Why no key may sign; nil while one may.
    var unreadiness: String? {
        let states = states
        guard !states.contains(where: { $0.stage == .signing }) else { return nil }
        return states.map { key in
            switch key.stage {
            case .waiting(let start): "\(key.keyID) (\(key.file)) signs from \(start)"
            default: "\(key.keyID) (\(key.file)) was not found at the issuer's URL"
            }
        }.joined(separator: "; ")
    }

    /// All keys, oldest first.
    var states: [SigningKeyState] {
        let moment = now()
        return state.withLock { $0.ring.states(at: moment) }
    }

    /// The public halves of all keys, oldest first: what is to be published.
    var publicKeys: [JSONObject] { state.withLock { $0.ring.entries.map(\.known.key.publicKey) } }

    /// Takes what a fetch of the public key set has brought.
    func note(_ published: KeySet) { state.withLock { $0.ring.note(published) } }

    /// Forgets keys whose file is gone and that nobody needs any more.
    func sweep() {
        let moment = now()
        state.withLock { $0.ring.sweep(at: moment) }
    }

    /// Whether the files look otherwise than at the last reading.
    var isStale: Bool {
        let marks = files.marks()
        return state.withLock { $0.marks != marks }
    }

    /// Reads the files again: all of them or none.
    func reload() -> Reload {
        let marks = files.marks()
        do throws(StartFailure) {
            let loaded = try files.load()
            let moment = now()
            return state.withLock { $0.replace(with: loaded, at: moment) }
        } catch {
            state.withLock { $0.marks = marks }
            return .failed(cause: error.description)
        }
    }
}

extension SigningKeyRing.State {
    fileprivate mutating func replace(with loaded: LoadedKeys, at now: Timestamp) -> SigningKeyRing.Reload {
        let before = ring.entries
        ring.replace(with: loaded.keys, at: now)
        marks = loaded.marks
        let (old, new) = (before.filter(\.hasFile).ids, ring.entries.filter(\.hasFile).ids)
        let renamed = before.map(\.known.name) != ring.entries.map(\.known.name)
        guard old != new || renamed else { return .unchanged }
        let gone = old.filter { !new.contains($0) }
        let kept = ring.entries.filter { !$0.hasFile }.ids
        return .replaced(
            added: new.filter { !old.contains($0) }, gone: gone.filter { !kept.contains($0) },
            needed: gone.filter(kept.contains))
    }
}

extension [RingState.Entry] {
    fileprivate var ids: [String] { map(\.known.key.keyID) }
}
