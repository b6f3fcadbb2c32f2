import Threading

/// Counts what is under way, and closes: what decides when the server may stop.
///
/// libmicrohttpd aborts when it is stopped with a suspended connection. So a request is counted before its connection
/// is suspended and uncounted after its resumption has returned, and once sealed nothing enters: when the count is
/// zero then, it stays zero.
final class RequestGate: Sendable {
    private let state = Lock(State())

    private struct State: Sendable {
        var mode = Mode.open
        var openRequests = 0
        var handovers: [ObjectIdentifier: Handover] = [:]
    }

    private enum Mode: Sendable { case open, draining, sealed }

    /// Requests with the handler.
    var inFlight: Int { state.withLock { $0.handovers.count } }
    /// Requests begun and not ended.
    var openRequests: Int { state.withLock { $0.openRequests } }
    /// Whether answers should close their connection.
    var isDraining: Bool { state.withLock { $0.mode != .open } }

    /// A request's first line has come.
    func requestBegan() { state.withLock { $0.openRequests += 1 } }
    /// A request has ended, whichever way.
    func requestEnded() { state.withLock { $0.openRequests -= 1 } }

    /// Counts a request in, unless sealed.
    func enter(_ handover: Handover) -> Bool {
        state.withLock { state in
            guard state.mode != .sealed else { return false }
            state.handovers[ObjectIdentifier(handover)] = handover
            return true
        }
    }

    /// Counts a request out: its connection is not suspended, and will not be.
    func leave(_ handover: Handover) {
        state.withLock { _ = $0.handovers.removeValue(forKey: ObjectIdentifier(handover)) }
    }

    /// From now on answers close their connection.
    func beginDraining() {
        state.withLock { if $0.mode == .open { $0.mode = .draining } }
    }

    /// From now on nothing enters.
    func seal() {
        state.withLock { $0.mode = .sealed }
    }

    /// Everything with the handler now.
    func all() -> [Handover] {
        state.withLock { Array($0.handovers.values) }
    }
}
