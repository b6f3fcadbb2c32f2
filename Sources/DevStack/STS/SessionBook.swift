import StrictJSON
import Threading

/// Which access keys were given to whom: the youngest 20,000, so that load does not grow it without end.
struct SessionBook: Sendable {
    private let state = Lock(State())
    private static let capacity = 20_000

    private struct State: Sendable {
        var entries: [String: Entry] = [:]
        /// A ring of the keys of `entries`, to know which to forget.
        var order: [String] = []
        var next = 0
    }

    /// Whom an access key is for, and until when.
    struct Entry: Sendable {
        let identity: SessionIdentity
        let expiration: Timestamp
    }

    /// Notes the session.
    func add(_ session: Session) {
        let entry = Entry(identity: session.identity, expiration: session.expiration)
        state.withLock { state in
            state.entries[session.accessKeyID] = entry
            if state.order.count < Self.capacity {
                state.order.append(session.accessKeyID)
            } else {
                state.entries[state.order[state.next]] = nil
                state.order[state.next] = session.accessKeyID
                state.next = (state.next + 1) % Self.capacity
            }
        }
    }

    /// The session of this access key; nil when it was not made here.
    func entry(_ accessKeyID: String) -> Entry? { state.withLock { $0.entries[accessKeyID] } }
}
