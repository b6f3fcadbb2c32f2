import EventLoop
import Secrets
import Threading

/// The connections of one client on one loop, and the requests on them.
///
/// `@unchecked Sendable`: all but `start`, `cancel` and `stop` happens on the loop's thread.
@safe final class ConnectionPool: TurnTaker, @unchecked Sendable {
    let loop: EventLoop
    /// What comes from any of the sockets is read into; wiped when it was taken.
    var buffer = [UInt8](repeating: 0, count: 16_384)

    private let configuration: OutboundConfiguration
    private let limit: Int
    private let lastIdentifier = Lock<UInt64>(0)
    private var connections: [ObjectIdentifier: Connection] = [:]
    /// The latest used is last, and taken first: the others may grow old.
    private var idle: [Connection] = []
    private var connecting = 0
    private var transfers: [UInt64: Transfer] = [:]
    /// Those that no connection is there for, in their order.
    private var waiting: [Transfer] = []
    /// No later than the earliest deadline; nil where there is none.
    private var nextExpiry: ContinuousClock.Instant?
    private var nextSweep = ContinuousClock.now
    private var isClosed = false

    /// How long a connection is kept for nobody: less than what servers and the networks in between grant.
    private static let idleTimeout = Duration.seconds(55)
    private static let sweepInterval = Duration.seconds(5)
    /// Connections that are being made at a time: each is a thread, as names are looked up and certificates read there.
    private static let connectingLimit = 16

    /// Joins `loop`, with up to `limit` connections at a time.
    init(_ configuration: OutboundConfiguration, on loop: EventLoop, limit: Int) {
        self.configuration = configuration
        self.limit = limit
        self.loop = loop
        loop.execute { loop.add(self) }
    }
}

// MARK: From any thread

extension ConnectionPool {
    /// A number that no other transfer of this pool has.
    func newIdentifier() -> UInt64 {
        lastIdentifier.withLock { last in
            last += 1
            return last
        }
    }

    /// Begins a transfer. Its outcome comes by the order, also when there is nothing to begin it with.
    func start(_ order: TransferOrder) {
        if !onLoop({ $0.begin(order) }) { order.finish(.failure(.closed(requestSent: false))) }
    }

    /// Ends a transfer early. Unknown and finished ones are ignored.
    func cancel(_ id: UInt64) {
        onLoop { pool in
            guard let transfer = pool.transfers[id] else { return }
            pool.cut(transfer, with: .cancelled(requestSent: transfer.isRequestSent))
        }
    }

    /// Ends everything, then tells `whenDone`.
    func stop(whenDone: @escaping @Sendable () -> Void) {
        let isTaken = loop.execute {
            self.close()
            whenDone()
        }
        if !isTaken { whenDone() }
    }

    /// At once where the caller is on the loop's thread: an order that a task gives there needs no way round.
    @discardableResult private func onLoop(_ body: @escaping @Sendable (ConnectionPool) -> Void) -> Bool {
        guard EventLoop.current !== loop else {
            body(self)
            return true
        }
        return loop.execute { body(self) }
    }
}

// MARK: Transfers, on the loop's thread

extension ConnectionPool {
    private func begin(_ order: TransferOrder) {
        guard !isClosed else { return order.finish(.failure(.closed(requestSent: false))) }
        do throws(OutboundFailure) {
            let transfer = try Transfer(order, userAgent: configuration.userAgent)
            transfers[order.id] = transfer
            nextExpiry = min(nextExpiry ?? order.deadline, order.deadline)
            serve(transfer)
        } catch {
            order.finish(.failure(error))
        }
    }

    /// By an idle connection, or by the next that becomes idle or is made.
    private func serve(_ transfer: Transfer) {
        if !transfer.wantsNewConnection, let index = idle.lastIndex(where: { $0.origin == transfer.origin }) {
            return idle.remove(at: index).begin(transfer)
        }
        waiting.append(transfer)
        connectWhereNeeded()
    }

    /// Reports what came of `transfer`. Once.
    func finish(_ transfer: Transfer, with outcome: TransferOrder.Outcome) {
        transfers[transfer.order.id] = nil
        transfer.order.finish(outcome)
    }

    /// The connection failed under `transfer`.
    func failed(_ transfer: Transfer, _ failure: OutboundFailure) {
        // A kept connection may have died just now. Asking again is right for a GET alone: a POST may have been acted on, so whether it
        // is sent again is the caller's to decide.
        guard case .interrupted = failure, transfer.order.request.method == .get, transfer.isOnKeptConnection,
            transfer.reader.isUntouched, !isClosed
        else { return finish(transfer, with: .failure(failure)) }
        transfer.wantsNewConnection = true
        transfer.sent = 0
        serve(transfer)
    }

    /// Ends `transfer`, wherever it is.
    private func cut(_ transfer: Transfer, with failure: OutboundFailure) {
        let connection = transfer.connection
        transfer.connection = nil
        waiting.removeAll { $0 === transfer }
        finish(transfer, with: .failure(failure))
        connection?.close()
    }
}

// MARK: Connections, on the loop's thread

extension ConnectionPool {
    /// Lets `reader` take the first `count` bytes of the buffer, and wipes them: keys do not stay there. How many it took.
    func give(_ count: Int, to reader: inout AnswerReader) throws(AnswerFault) -> Int {
        defer { wipeBuffer(count) }
        return try reader.take(buffer.span.extracting(0..<count))
    }

    func wipeBuffer(_ count: Int) {
        for index in 0..<count { buffer[index] = 0 }
    }

    /// `connection` may serve who waits.
    func becameIdle(_ connection: Connection) {
        let fits = { (transfer: Transfer) in
            transfer.origin == connection.origin && !(transfer.wantsNewConnection && connection.isKept)
        }
        guard let index = waiting.firstIndex(where: fits) else {
            idle.append(connection)
            return connectWhereNeeded()
        }
        connection.begin(waiting.remove(at: index))
    }

    /// `connection` is no more.
    func ended(_ connection: Connection) {
        connections[ObjectIdentifier(connection)] = nil
        idle.removeAll { $0 === connection }
        connectWhereNeeded()
    }

    /// Makes as many connections as there are transfers waiting for one, within the limits.
    private func connectWhereNeeded() {
        guard !isClosed else { return }
        while connecting < min(waiting.count, Self.connectingLimit) {
            // Idle ones are of no use to those who wait, or they would not be idle.
            if connections.count + connecting >= limit, let oldest = idle.first { return oldest.close() }
            guard connections.count + connecting < limit else { return }
            connect(to: waiting[connecting].origin)
        }
    }

    private func connect(to origin: Origin) {
        connecting += 1
        let (configuration, loop) = (configuration, loop)
        let thread = PlainThread {
            let made: Result<(EasyHandle, Int32), OutboundFailure>
            do throws(OutboundFailure) {
                let handle = try EasyHandle()
                made = .success((handle, try handle.connect(to: origin.url, scheme: origin.scheme, configuration)))
            } catch { made = .failure(error) }
            // When the loop is over nobody waits, and the connection ends here.
            loop.execute { self.connected(to: origin, made) }
        }
        if let thread { thread.detach() } else { connected(to: origin, .failure(.cannotConnect("no thread"))) }
    }

    private func connected(to origin: Origin, _ made: Result<(EasyHandle, Int32), OutboundFailure>) {
        connecting -= 1
        guard !isClosed else { return }
        switch made {
        case .success((let handle, let descriptor)):
            guard let connection = Connection(handle, descriptor, to: origin, of: self) else {
                return fail(origin, .cannotConnect("epoll refuses the socket"))
            }
            connections[ObjectIdentifier(connection)] = connection
            becameIdle(connection)
            connectWhereNeeded()
        case .failure(let failure): fail(origin, failure)
        }
    }

    /// The first who waits for a connection to `origin` gets none.
    private func fail(_ origin: Origin, _ failure: OutboundFailure) {
        if let index = waiting.firstIndex(where: { $0.origin == origin }) {
            finish(waiting.remove(at: index), with: .failure(failure))
        }
        connectWhereNeeded()
    }
}

// MARK: Turns

extension ConnectionPool {
    func turn() -> ContinuousClock.Instant? {
        guard nextExpiry != nil || !idle.isEmpty else { return nil }
        let now = ContinuousClock.now
        if let nextExpiry, nextExpiry <= now { expire(at: now) }
        if nextSweep <= now { sweep(at: now) }
        let sweep = idle.isEmpty ? nil : nextSweep
        guard let sweep, let nextExpiry else { return sweep ?? nextExpiry }
        return min(sweep, nextExpiry)
    }

    private func expire(at now: ContinuousClock.Instant) {
        for transfer in transfers.values.filter({ $0.order.deadline <= now }) {
            cut(transfer, with: .timedOut(requestSent: transfer.isRequestSent))
        }
        nextExpiry = transfers.values.map(\.order.deadline).min()
    }

    /// Ends connections that nobody has used for long.
    private func sweep(at now: ContinuousClock.Instant) {
        nextSweep = now + Self.sweepInterval
        for connection in idle where connection.idleSince + Self.idleTimeout <= now { connection.close() }
    }

    private func close() {
        guard !isClosed else { return }
        isClosed = true
        for transfer in Array(transfers.values) { cut(transfer, with: .closed(requestSent: transfer.isRequestSent)) }
        for connection in Array(connections.values) { connection.close() }
        loop.remove(self)
    }
}
