import CCurl
import Glibc

/// All transfers of one client, and the thread that drives them.
///
/// Made on the caller's thread, then handed to its own by `start`; from there on nothing but that thread touches it.
@safe final class TransferLoop {
    /// How tasks reach this loop.
    let mailbox: Mailbox

    private let configuration: OutboundConfiguration
    // Owned here and freed in deinit, in this order: easy handles, multi, share.
    private let multi: UnsafeMutableRawPointer
    private let sessions: UnsafeMutableRawPointer
    // By the address of the easy handle, which is how libcurl names a transfer.
    private var active: [UInt: Transfer] = [:]
    private var idle: [EasyHandle] = []
    // No later than the earliest deadline of `active`; nil where there is none.
    private var nextExpiry: ContinuousClock.Instant?
    private var stopWaiters: [CheckedContinuation<Void, Never>]?

    /// The longest sleep without an event. Only a safety net: every command wakes the loop.
    private static let longestWait = Duration.seconds(30)
    /// Idle easy handles kept, about 6 kB each.
    private static let idleLimit = 64

    init(configuration: OutboundConfiguration) throws(OutboundSetupError) {
        try configuration.check()
        guard let multi = unsafe curl_multi_init() else { throw .unavailable("curl_multi_init failed") }
        guard let sessions = unsafe curl_share_init() else {
            _ = unsafe curl_multi_cleanup(multi)
            throw .unavailable("curl_share_init failed")
        }
        unsafe self.multi = unsafe multi
        unsafe self.sessions = unsafe sessions
        self.configuration = configuration
        mailbox = unsafe Mailbox(waking: multi)
        try configureHandles()
    }

    deinit {
        idle = []
        // Nothing useful can be done about a failure here; the handles are empty.
        _ = unsafe curl_multi_cleanup(multi)
        _ = unsafe curl_share_cleanup(sessions)
    }

    private func configureHandles() throws(OutboundSetupError) {
        // One thread uses the share, so it needs no lock functions.
        guard unsafe vela_curl_share_tls_sessions(sessions) == CURLSHE_OK else {
            throw .unavailable("libcurl cannot share TLS sessions")
        }
        for option in [CURLMOPT_MAX_TOTAL_CONNECTIONS, CURLMOPT_MAXCONNECTS] {
            guard unsafe vela_curl_multi_set_long(multi, option, configuration.maximumConnections) == CURLM_OK else {
                throw .unavailable("libcurl refused a limit of \(configuration.maximumConnections) connections")
            }
        }
    }

    /// Gives this loop to a thread of its own, which frees it at its end.
    func start() throws(OutboundSetupError) {
        var thread = pthread_t()
        // Retained for the thread; `runTransferLoop` takes the reference over.
        let context = unsafe Unmanaged.passRetained(self)
        let result = unsafe pthread_create(&thread, nil, runTransferLoop, context.toOpaque())
        guard result == 0 else {
            unsafe context.release()
            _ = mailbox.close()
            throw .unavailable("pthread_create failed with error \(result)")
        }
        // Not joined: `stop` tells its waiters when the loop is over.
        pthread_detach(thread)
    }

    /// Runs until `stop`, and returns who waits for the end.
    fileprivate func run() -> [CheckedContinuation<Void, Never>] {
        while stopWaiters == nil {
            for command in mailbox.take() { obey(command) }
            perform()
            expire(at: .now)
            if stopWaiters == nil { wait() }
        }
        for command in mailbox.close() { obey(command) }
        endAll { .closed(requestSent: $0.isRequestSent) }
        return stopWaiters ?? []
    }

    private func obey(_ command: LoopCommand) {
        switch command {
        case .start(let order) where stopWaiters != nil:
            order.finish(.failure(.closed(requestSent: false)))
        case .start(let order): begin(order)
        case .cancel(let id):
            guard let transfer = active.values.first(where: { $0.order.id == id }) else { return }
            end(transfer, with: .failure(.cancelled(requestSent: transfer.isRequestSent)))
        case .stop(let waiter): stopWaiters = (stopWaiters ?? []) + (waiter.map { [$0] } ?? [])
        }
    }
}

// MARK: Transfers

extension TransferLoop {
    private func begin(_ order: TransferOrder) {
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

    private func perform() {
        var running: Int32 = 0
        let result = unsafe curl_multi_perform(multi, &running)
        guard result == CURLM_OK else {
            let reason = unsafe String(cString: curl_multi_strerror(result))
            return endAll { $0.isRequestSent ? .interrupted(reason) : .cannotConnect(reason) }
        }
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

    private func wait() {
        let left = nextExpiry.map { max(.zero, min($0 - .now, Self.longestWait)) } ?? Self.longestWait
        let result = unsafe curl_multi_poll(multi, nil, 0, Int32(left.wholeMilliseconds), nil)
        // Out of memory or descriptors: go round again, but not at full speed.
        if result != CURLM_OK { usleep(10_000) }
    }
}

/// The thread's whole life. File-scope, because libc calls it.
private func runTransferLoop(_ context: UnsafeMutableRawPointer?) -> UnsafeMutableRawPointer? {
    // Signals belong to the program's other threads; SIGPIPE above all must not come from a socket of ours.
    var all = sigset_t()
    unsafe sigfillset(&all)
    unsafe pthread_sigmask(SIG_BLOCK, &all, nil)
    guard let context = unsafe context else { return nil }
    // The reference that `start` retained; given up before the waiters go on, so that all is freed by then.
    var loop: TransferLoop? = unsafe Unmanaged<TransferLoop>.fromOpaque(context).takeRetainedValue()
    let waiters = loop?.run() ?? []
    loop = nil
    for waiter in waiters { waiter.resume() }
    return nil
}
