import ExchangeCore
import StrictJSON
import Threading

/// The emergency deny that binds now. A request reads one value; all work is done when a source changes.
final class EmergencyBrake: Sendable {
    private let state: Lock<[EmergencyState]>
    private let now: @Sendable () -> Timestamp

    /// Nothing is known of `sources` until `update` tells; those that are not there deny nothing.
    init(_ sources: [EmergencySource], now: @escaping @Sendable () -> Timestamp) {
        self.now = now
        let moment = now()
        state = Lock(
            sources.map {
                EmergencyState(
                    source: $0, reading: .unknown(cause: "the \($0.rawValue) was not read yet"), since: moment)
            })
    }

    /// What each configured source says now.
    var states: [EmergencyState] { state.withLock { $0 } }

    /// Takes over what a source says. Returns the new state where it says something else than before.
    func update(_ source: EmergencySource, to content: EmergencyContent, named name: String) -> EmergencyState? {
        guard states.contains(where: { $0.source == source && $0.content != content }) else { return nil }
        let reading = EmergencyReading(content, named: name)
        let moment = now()
        return state.withLock { states in
            guard let index = states.firstIndex(where: { $0.source == source }) else { return nil }
            states[index] = EmergencyState(source: source, content: content, reading: reading, since: moment)
            return states[index]
        }
    }

    /// Takes note that a source does not answer, or that it does again. What it said last stays in force.
    ///
    /// - Returns: Whether that is news.
    func note(_ source: EmergencySource, failing cause: String?) -> Bool {
        state.withLock { states in
            guard let index = states.firstIndex(where: { $0.source == source }) else { return false }
            let isNews = (states[index].failure == nil) != (cause == nil)
            states[index].failure = cause
            if let cause, case .unknown = states[index].reading { states[index].reading = .unknown(cause: cause) }
            return isNews
        }
    }
}

/// What one source says, since when, and whether it still answers.
struct EmergencyState: Sendable {
    let source: EmergencySource
    /// What was read of it; nil before the first reading.
    var content: EmergencyContent?
    var reading: EmergencyReading
    let since: Timestamp
    /// Why it does not answer now; nil while it does. What it said last binds meanwhile.
    var failure: String?
}

extension EmergencyBrake {
    /// Throws when an emergency deny refuses `request` with `token`, or nobody knows whether one does.
    func check(_ token: VerifiedToken, asking request: ExchangeRequest) throws(Refusal) {
        let refusal = refusal { $0.ruleDenying(token, asking: request) }
        if let refusal { throw refusal }
    }

    /// What `check` would say, where `rule` says which rule of a document binds. A known deny goes before one that is not known.
    func refusal(_ rule: (EmergencyDeny) -> String?) -> Refusal? {
        let refusals = states.compactMap { $0.refusal(rule) }
        return refusals.first { if case .emergencyDenied = $0 { true } else { false } } ?? refusals.first
    }
}

extension EmergencyState {
    fileprivate func refusal(_ rule: (EmergencyDeny) -> String?) -> Refusal? {
        switch reading {
        case .absent: return nil
        case .deny(let deny):
            guard let name = rule(deny) else { return nil }
            let cause = "denied by '\(name)' of the emergency deny in the \(source.rawValue), \(deny.digest.prefix(12))"
            return .emergencyDenied(rule: name, cause: cause)
        case .faulty(let cause):
            let front = "the emergency deny in the \(source.rawValue) cannot be understood, so everything is denied: "
            return .emergencyDenied(rule: nil, cause: front + cause.prefix(300))
        case .unknown(let cause): return .emergencyUnknown(cause: cause)
        }
    }
}

/// The brake as a whole, for readiness: the worst of its sources.
enum EmergencyPosition: String, Sendable {
    case nothing
    case rules
    case everything
    /// A source was not reached since the start.
    case unknown
}

extension EmergencyBrake {
    /// Nil where no source is configured.
    var position: EmergencyPosition? {
        let readings = states.map(\.reading)
        guard !readings.isEmpty else { return nil }
        if readings.contains(where: { if case .unknown = $0 { true } else { false } }) { return .unknown }
        if readings.contains(where: \.stopsEverything) { return .everything }
        return readings.contains { !$0.ruleNames.isEmpty } ? .rules : .nothing
    }
}
