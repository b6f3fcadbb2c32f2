import Glibc
import Threading

/// Every open connection by its socket: whose it is, where it stands and since when.
///
/// The acceptor enters a socket before libmicrohttpd has it, the loops move it on and take it out just
/// before they close it, and the reaper cuts what is too slow. Sockets are shut down with the lock held, so that a
/// number that was closed and given out again is never hit.
final class ConnectionTable: Sendable {
    /// How long a client may take from its connection to its first bytes, in a drain: some round trips.
    private static let newness = Duration.milliseconds(250)

    private let state = Lock(State())
    private let limits: ConnectionLimits

    private struct State: Sendable {
        var entries: [Int32: Entry] = [:]
        var perAddress: [[UInt8]: Int] = [:]
    }

    private struct Entry: Sendable {
        let peer: PeerAddress
        var stage: ConnectionStage
        var since: ContinuousClock.Instant
        /// Shut down by `reap`, and not closed yet.
        var isCut = false
    }

    /// What became of a socket at the door.
    enum Admission: Sendable { case admitted, full, addressFull }

    /// An empty table.
    init(limits: ConnectionLimits) {
        self.limits = limits
    }

    /// Connections open now.
    var count: Int { state.withLock { $0.entries.count } }

    /// Enters an accepted socket, unless a limit is reached.
    func admit(_ socket: Int32, from peer: PeerAddress) -> Admission {
        state.withLock { state in
            // The number was given out anew, so whoever had it before is gone; see `drop`.
            Self.remove(socket, from: &state)
            guard state.entries.count < limits.connections else { return .full }
            guard state.perAddress[peer.network, default: 0] < limits.connectionsPerAddress else { return .addressFull }
            state.entries[socket] = Entry(peer: peer, stage: .arriving, since: .now)
            state.perAddress[peer.network, default: 0] += 1
            return .admitted
        }
    }

    /// Moves a connection to another stage, whose time begins now.
    func move(_ socket: Int32, to stage: ConnectionStage) {
        state.withLock { state in
            state.entries[socket]?.stage = stage
            state.entries[socket]?.since = .now
        }
    }

    /// A loop has taken the connection. The time for its headers runs since it was accepted.
    func started(_ socket: Int32) {
        state.withLock { $0.entries[socket]?.stage = .readingHeaders }
    }

    /// A request's first line has come. On a new connection the time for the headers is running already.
    func requestBegan(_ socket: Int32) -> PeerAddress {
        state.withLock { state in
            guard let entry = state.entries[socket] else { return .unix }
            if entry.stage == .idle {
                state.entries[socket] = Entry(peer: entry.peer, stage: .readingHeaders, since: .now)
            }
            return entry.peer
        }
    }

    /// Takes a connection out: it is about to be closed.
    func remove(_ socket: Int32) {
        state.withLock { Self.remove(socket, from: &$0) }
    }

    /// Shuts down every connection that has overstayed at `now`, and tells where each stood.
    func reap(at now: ContinuousClock.Instant) -> [(ConnectionStage, PeerAddress)] {
        state.withLock { state in
            let overstayed = state.entries.filter { _, entry in
                !entry.isCut && now - entry.since > limits.patience(at: entry.stage)
            }
            for (socket, entry) in overstayed {
                Self.drop(socket, entry, from: &state)
            }
            return overstayed.values.map { ($0.stage, $0.peer) }
        }
    }

    /// Whether a request may be on its way: bytes lie unread, or a connection is so new that its client is just about
    /// to send. (On an old one a client knows that the server may close, and tries again.)
    func expectsRequests(at now: ContinuousClock.Instant) -> Bool {
        state.withLock { state in
            state.entries.contains { socket, entry in
                switch entry.stage {
                case .arriving: true
                case .readingHeaders: now - entry.since < Self.newness || Self.unreadBytes(of: socket) > 0
                case .idle: Self.unreadBytes(of: socket) > 0
                case .readingBody, .handling, .answering: false
                }
            }
        }
    }

    /// Shutting down makes libmicrohttpd close the connection, which takes the entry out. One that never arrived
    /// (libmicrohttpd had no memory for it and closed it without a word) is taken out here, its number left alone.
    private static func drop(_ socket: Int32, _ entry: Entry, from state: inout State) {
        guard entry.stage != .arriving else { return remove(socket, from: &state) }
        shutdown(socket, Int32(SHUT_RDWR))
        state.entries[socket]?.isCut = true
    }

    private static func remove(_ socket: Int32, from state: inout State) {
        guard let entry = state.entries.removeValue(forKey: socket) else { return }
        let left = state.perAddress[entry.peer.network, default: 0] - 1
        state.perAddress[entry.peer.network] = left > 0 ? left : nil
    }

    private static func unreadBytes(of socket: Int32) -> Int32 {
        var bytes: Int32 = 0
        // FIONREAD writes one int.
        return unsafe ioctl(socket, UInt(FIONREAD), &bytes) == 0 ? bytes : 0
    }
}

/// How many connections, and how long each may stay at a stage.
struct ConnectionLimits: Sendable {
    let connections: Int
    let connectionsPerAddress: Int
    private let header: Duration
    private let body: Duration
    private let idle: Duration

    init(_ configuration: HTTPServerConfiguration) {
        connections = configuration.maximumConnections
        connectionsPerAddress = configuration.maximumConnectionsPerAddress
        header = configuration.headerDeadline
        body = configuration.bodyDeadline
        idle = configuration.idleTimeout
    }

    /// How long a connection may stay at `stage`. With the handler it has the request's own deadline instead.
    func patience(at stage: ConnectionStage) -> Duration {
        switch stage {
        case .arriving, .readingHeaders: header
        case .readingBody, .answering: body
        case .idle: idle
        case .handling: .seconds(Int64.max / 4)
        }
    }
}
