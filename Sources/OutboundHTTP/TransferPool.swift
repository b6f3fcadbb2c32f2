import CCurl
import EventLoop
import Threading

/// The transfers of one client on one loop, by libcurl's multi interface.
///
/// `@unchecked Sendable`: all but `start`, `cancel` and `stop` happens on the loop's thread.
@safe final class TransferPool: EventSource, @unchecked Sendable {
    let loop: EventLoop
    private let configuration: OutboundConfiguration
    private let lastIdentifier = Lock<UInt64>(0)
    // Freed by `close`, in this order: easy handles, multi, share.
    private let multi: UnsafeMutableRawPointer
    private let sessions: UnsafeMutableRawPointer
    private var isClosed = false
    // By the address of the easy handle, which is how libcurl names a transfer.
    private var active: [UInt: Transfer] = [:]
    private var idle: [EasyHandle] = []
    /// What the loop watches for libcurl.
    private var sockets: Set<Int32> = []
    /// When libcurl wants to be called though nothing happens.
    private var timer: ContinuousClock.Instant?
    /// No later than the earliest deadline of `active`; nil where there is none.
    private var nextExpiry: ContinuousClock.Instant?

    /// Idle easy handles kept, about 6 kB each.
    private static let idleLimit = 64

    /// Joins `loop`, with room for `connections` at a time.
    init(_ configuration: OutboundConfiguration, on loop: EventLoop, connections: Int) throws(OutboundSetupError) {
        guard let multi = unsafe curl_multi_init() else { throw .unavailable("curl_multi_init failed") }
        guard let sessions = unsafe curl_share_init() else {
            _ = unsafe curl_multi_cleanup(multi)
            throw .unavailable("curl_share_init failed")
        }
        unsafe self.multi = unsafe multi
        unsafe self.sessions = unsafe sessions
        self.configuration = configuration
        self.loop = loop
        do throws(OutboundSetupError) {
            try configureHandles(connections: connections)
        } catch {
            free()
            throw error
        }
        loop.execute { loop.add(self) }
    }

    private func configureHandles(connections: Int) throws(OutboundSetupError) {
        // One thread uses the share, so it needs no lock functions.
        guard unsafe vela_curl_share_tls_sessions(sessions) == CURLSHE_OK else {
            throw .unavailable("libcurl cannot share TLS sessions")
        }
        for option in [CURLMOPT_MAX_TOTAL_CONNECTIONS, CURLMOPT_MAXCONNECTS] {
            guard unsafe vela_curl_multi_set_long(multi, option, connections) == CURLM_OK else {
                throw .unavailable("libcurl refused a limit of \(connections) connections")
            }
        }
        // Unretained: the loop keeps this pool until `close`, which frees the multi handle.
        let context = unsafe Unmanaged.passUnretained(self).toOpaque()
        guard unsafe vela_curl_multi_set_callbacks(multi, socketCallback, timerCallback, context) == CURLM_OK else {
            throw .unavailable("libcurl refused the callbacks of the multi handle")
        }
    }
}

// MARK: From any thread

extension TransferPool {
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
            guard let transfer = pool.active.values.first(where: { $0.order.id == id }) else { return }
            pool.end(transfer, with: .failure(.cancelled(requestSent: transfer.isRequestSent)))
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
    @discardableResult private func onLoop(_ body: @escaping @Sendable (TransferPool) -> Void) -> Bool {
        guard EventLoop.current !== loop else {
            body(self)
            return true
        }
        return loop.execute { body(self) }
    }
}

// MARK: On the loop's thread

extension TransferPool {
    func became(_ readiness: Readiness, _ descriptor: Int32) {
        var events: Int32 = 0
        if readiness.contains(.reading) { events |= CURL_CSELECT_IN }
        if readiness.contains(.writing) { events |= CURL_CSELECT_OUT }
        perform(descriptor, events)
    }

    func turn() -> ContinuousClock.Instant? {
        guard !isClosed else { return nil }
        let now = ContinuousClock.now
        if let timer, timer <= now {
            self.timer = nil
            perform(CURL_SOCKET_TIMEOUT, 0)
        }
        takeResults()
        expire(at: now)
        guard let timer, let nextExpiry else { return timer ?? nextExpiry }
        return min(timer, nextExpiry)
    }

    private func begin(_ order: TransferOrder) {
        guard !isClosed else { return order.finish(.failure(.closed(requestSent: false))) }
        do throws(OutboundFailure) {
            let handle: EasyHandle
            if let last = idle.popLast() { handle = last } else { handle = try unsafe EasyHandle(sharing: sessions) }
            let transfer = try Transfer(order, on: handle, configuration: configuration)
            try unsafe handle.add(to: multi)
            active[handle.address] = transfer
            nextExpiry = min(nextExpiry ?? order.deadline, order.deadline)
        } catch {
            order.finish(.failure(error))
        }
    }

    /// Takes `transfer` off, in whatever state it is, and reports `outcome`.
    private func end(_ transfer: Transfer, with outcome: Result<OutboundResponse, OutboundFailure>) {
        active[transfer.handle.address] = nil
        // Only after this does libcurl forget the pointers into `transfer`.
        if unsafe transfer.handle.remove(from: multi), idle.count < Self.idleLimit {
            transfer.handle.reset()
            idle.append(transfer.handle)
        }
        transfer.order.finish(outcome)
    }

    private func endAll(_ failure: (Transfer) -> OutboundFailure) {
        for transfer in Array(active.values) { end(transfer, with: .failure(failure(transfer))) }
    }

    private func perform(_ socket: Int32, _ events: Int32) {
        var running: Int32 = 0
        let result = unsafe curl_multi_socket_action(multi, socket, events, &running)
        guard result != CURLM_OK else { return }
        let reason = unsafe String(cString: curl_multi_strerror(result))
        endAll { $0.isRequestSent ? .interrupted(reason) : .cannotConnect(reason) }
    }

    private func takeResults() {
        var queued: Int32 = 0
        // A message lives until the next call on the multi handle, so its two facts are taken first.
        while let message = unsafe curl_multi_info_read(multi, &queued) {
            let result = unsafe vela_curl_message_result(message)
            guard result >= 0, let transfer = unsafe active[UInt(bitPattern: message.pointee.easy_handle)] else {
                continue
            }
            end(transfer, with: transfer.outcome(of: CURLcode(UInt32(result))))
        }
    }

    private func expire(at now: ContinuousClock.Instant) {
        guard let nextExpiry, nextExpiry <= now else { return }
        for transfer in active.values.filter({ $0.order.deadline <= now }) {
            end(transfer, with: .failure(.timedOut(requestSent: transfer.isRequestSent)))
        }
        self.nextExpiry = active.values.map(\.order.deadline).min()
    }

    private func close() {
        guard !isClosed else { return }
        isClosed = true
        endAll { .closed(requestSent: $0.isRequestSent) }
        for socket in sockets { loop.forget(socket) }
        sockets = []
        loop.remove(self)
        free()
    }

    private func free() {
        idle = []
        // Nothing useful can be done about a failure here; the handles are empty.
        _ = unsafe vela_curl_multi_set_callbacks(multi, nil, nil, nil)
        _ = unsafe curl_multi_cleanup(multi)
        _ = unsafe curl_share_cleanup(sessions)
    }

    fileprivate func watch(_ socket: Int32, for what: Int32) {
        switch what {
        case CURL_POLL_REMOVE:
            loop.forget(socket)
            sockets.remove(socket)
        default:
            var readiness: Readiness = []
            if what & CURL_POLL_IN != 0 { readiness.insert(.reading) }
            if what & CURL_POLL_OUT != 0 { readiness.insert(.writing) }
            // Without a watch the transfer ends at its deadline.
            if loop.watch(socket, for: readiness, source: self) { sockets.insert(socket) }
        }
    }

    fileprivate func setTimer(_ milliseconds: Int) {
        timer = milliseconds < 0 ? nil : .now + .milliseconds(milliseconds)
    }
}

/// CURLMOPT_SOCKETFUNCTION: what libcurl wants to know of a socket.
private func socketCallback(
    _: UnsafeMutableRawPointer?, _ socket: curl_socket_t, _ what: Int32, _ context: UnsafeMutableRawPointer?,
    _: UnsafeMutableRawPointer?
) -> Int32 {
    guard let context = unsafe context else { return -1 }
    // The pointer that `configureHandles` set; the pool outlives the multi handle.
    unsafe Unmanaged<TransferPool>.fromOpaque(context).takeUnretainedValue().watch(socket, for: what)
    return 0
}

/// CURLMOPT_TIMERFUNCTION: when libcurl wants to be called; -1 for never.
private func timerCallback(_: UnsafeMutableRawPointer?, _ milliseconds: Int, _ context: UnsafeMutableRawPointer?)
    -> Int32
{
    guard let context = unsafe context else { return -1 }
    // As above.
    unsafe Unmanaged<TransferPool>.fromOpaque(context).takeUnretainedValue().setTimer(milliseconds)
    return 0
}
