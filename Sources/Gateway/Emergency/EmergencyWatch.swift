import ExchangeCore
import Logging
import StrictJSON

/// Keeps the brake at what its sources say, and tells of each change in log and audit.
struct EmergencyWatch: Sendable {
    let brake: EmergencyBrake
    /// Nil where the settings name none.
    let file: EmergencyFile?
    let store: (any EmergencyStore)?
    let policies: PolicyStore
    let trail: AuditTrail
    let logger: Logger

    /// A change of the file binds within two seconds: a look each second, and the reading.
    static let fileInterval = Duration.seconds(1)
    /// A push binds everywhere within five: a look each two seconds, and what a slow answer may take (`RedisServer`).
    static let storeInterval = Duration.seconds(2)

    /// The first look at the file, before anybody can ask for credentials.
    func readFileFirst() {
        if let file { _ = brake.update(.file, to: file.read(), named: file.name) }
    }

    /// Looks at the file until `sleep` throws, as it does when its task is cancelled.
    func watchFile(sleep: (Duration) async throws -> Void) async {
        guard let file else { return }
        // What `readFileFirst` found, if it is worth a word.
        for state in brake.states where state.source == .file && state.content != .absent { await report(state) }
        while true {
            do { try await sleep(Self.fileInterval) } catch { return }
            await take(file.read(), from: .file, named: file.name)
        }
    }

    /// Asks the store until `sleep` throws. The first time at once: until then nobody knows what it denies.
    func watchStore(sleep: (Duration) async throws -> Void) async {
        guard let store else { return }
        while true {
            await ask(store)
            do { try await sleep(Self.storeInterval) } catch { return }
        }
    }

    private func ask(_ store: any EmergencyStore) async {
        let content: EmergencyContent
        do throws(EmergencyStoreError) {
            content = try await store.document().map(EmergencyContent.bytes) ?? .absent
        } catch {
            switch error {
            case .down(let cause): return noteStore(failing: cause)
            case .garbled(let cause): content = .unreadable(cause)
            }
        }
        // `clear` leaves a document that denies nothing. One that is gone was lost: a server without persistence began anew, or it was
        // thrown out. Nobody lifted it.
        let known = brake.states.first { $0.source == .store }?.content
        if content == .absent, let known, known != .absent {
            noteStore(failing: "the document is gone from the store, and nobody cleared it")
            return await putBack(known, in: store)
        }
        noteStore(failing: nil)
        await take(content, from: .store, named: "the store's document")
    }

    /// What could not be understood is not put back: the next push mends it.
    private func putBack(_ content: EmergencyContent, in store: any EmergencyStore) async {
        guard case .bytes(let bytes) = content, case .deny = EmergencyReading(content, named: "") else { return }
        do throws(EmergencyStoreError) { try await store.putBack(bytes) } catch {
            noteStore(failing: error.description)
        }
    }

    private func take(_ content: EmergencyContent, from source: EmergencySource, named name: String) async {
        let isFirst = brake.states.first { $0.source == source }?.content == nil
        guard let state = brake.update(source, to: content, named: name) else { return }
        // That there is none is no news at the start.
        if !isFirst || content != .absent { await report(state) }
    }
}

extension EmergencyWatch {
    private func report(_ state: EmergencyState) async {
        let doubts =
            if case .deny(let deny) = state.reading { deny.doubts(under: policies.current) } else { [String]() }
        var metadata: Logger.Metadata = ["source": "\(state.source.rawValue)", "state": "\(state.reading.word)"]
        if let digest = state.reading.digest { metadata["emergency_digest"] = "\(digest)" }
        if !state.reading.ruleNames.isEmpty { metadata["rules"] = "\(state.reading.ruleNames.joined(separator: ", "))" }
        if let cause = state.reading.cause { metadata["cause"] = "\(cause)" }
        switch state.reading {
        case .absent: logger.warning("the emergency deny was lifted: its document is gone", metadata: metadata)
        case .deny: logger.warning("the emergency deny changed", metadata: metadata)
        case .faulty, .unknown:
            logger.critical("the emergency deny cannot be understood, so everything is denied", metadata: metadata)
        }
        for doubt in doubts {
            logger.error(
                "an emergency rule may stop nothing",
                metadata: ["source": "\(state.source.rawValue)", "doubt": "\(doubt)"])
        }
        await trail.write(state)
    }

    private func noteStore(failing cause: String?) {
        guard brake.note(.store, failing: cause) else { return }
        if let cause {
            logger.error(
                "the store of the emergency deny does not tell; what it said last stays in force",
                metadata: ["cause": "\(cause)"])
        } else {
            logger.notice("the store of the emergency deny tells again")
        }
    }
}

extension AuditTrail {
    /// Writes that an emergency source says something else than before. The change is in force already.
    fileprivate func write(_ state: EmergencyState) async {
        var writer = AuditWriter(at: now())
        writer.member("outcome", "emergency")
        writer.member("source", state.source.rawValue)
        writer.member("state", state.reading.word)
        writer.member("emergency_digest", state.reading.digest)
        if !state.reading.ruleNames.isEmpty { writer.member("emergency_rules", state.reading.ruleNames) }
        writer.member("cause", state.reading.cause)
        let body = writer.finish()
        do throws(Refusal) { try await append(body) } catch {
            logger.error(
                "the audit record of an emergency deny could not be written", metadata: ["cause": "\(error.cause)"])
        }
    }
}
