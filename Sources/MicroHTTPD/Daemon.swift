import CMicroHTTPD
import EventLoop
import Glibc
import Threading

/// libmicrohttpd's daemon on one loop: its connections, without a thread or a listening socket of its own.
///
/// `@unchecked Sendable`: used on the loop's thread alone, once it has been made.
@safe final class Daemon: DescriptorWatcher, TurnTaker, @unchecked Sendable {
    let bridge: Bridge
    let loop: EventLoop
    // Made by init, which needs `self` for it; freed by `stop`.
    private var pointer: OpaquePointer?
    /// Whether there is something to do at once, and when by itself.
    private var isReady = true
    private var due: ContinuousClock.Instant?
    /// How often in a row libmicrohttpd wanted to go on at once although nothing had come.
    private var idleRuns = 0

    /// Runs that libmicrohttpd may ask for without a pause: what it has read goes through its states in fewer.
    private static let mostIdleRuns = 4

    /// Joins `loop`, which keeps it until `stop`: the callbacks hold it unretained.
    init(bridge: Bridge, on loop: EventLoop) throws(HTTPServerError) {
        self.bridge = bridge
        self.loop = loop
        unsafe pointer = nil
        let configuration = bridge.configuration
        var settings = unsafe cmhd_settings()
        let tls = configuration.tls == nil ? MHD_FLAG(0) : MHD_USE_TLS
        unsafe settings.flags =
            MHD_USE_EPOLL.rawValue | MHD_USE_NO_LISTEN_SOCKET.rawValue | MHD_ALLOW_SUSPEND_RESUME.rawValue
            | tls.rawValue
        // Twice all that the acceptor ever lets in: libmicrohttpd leaks a mutex when its limit is reached.
        unsafe settings.connection_limit = UInt32(clamping: configuration.maximumConnections * 2 + 64)
        unsafe settings.connection_memory = configuration.maximumHeaderBytes
        unsafe settings.cls = Unmanaged.passUnretained(self).toOpaque()
        unsafe settings.access = accessCallback
        unsafe settings.target = targetCallback
        unsafe settings.unescape = unescapeCallback
        unsafe settings.completed = completedCallback
        unsafe settings.connection = connectionCallback
        if configuration.tls != nil { unsafe settings.tls_certificate = certificateCallback }
        let started = unsafe TLSConfiguration.priorities.withCString { priorities in
            unsafe settings.tls_priorities = priorities
            return unsafe cmhd_start(&settings)
        }
        guard let pointer = unsafe started else { throw .noResources(reason: "libmicrohttpd: \(reason(of: errno))") }
        unsafe self.pointer = pointer
        loop.execute {
            loop.add(self)
            let isWatched = unsafe loop.watch(cmhd_epoll(self.pointer), for: .reading, by: self)
            precondition(isWatched, "epoll refuses libmicrohttpd's descriptor")
        }
    }

    /// Hands over an accepted socket, which libmicrohttpd closes in any case; soon, on the loop. `failed` is told when it did so at once.
    func add(
        _ socket: Int32, address: sockaddr_storage, length: socklen_t, failed: @escaping @Sendable () -> Void
    ) {
        loop.execute {
            var address = address
            // The address is this closure's; libmicrohttpd copies it.
            let isAdded = unsafe withUnsafePointer(to: &address) { address in
                unsafe address.withMemoryRebound(to: sockaddr.self, capacity: 1) { address in
                    unsafe MHD_add_connection(self.pointer, socket, address, length) == .YES
                }
            }
            if !isAdded { failed() }
        }
    }

    /// The turn that follows does it.
    func became(_: Readiness, _: Int32) { (isReady, idleRuns) = (true, 0) }

    /// Reads, calls back and writes whatever can be.
    func turn() -> ContinuousClock.Instant? {
        if let due, due <= .now { isReady = true }
        guard isReady else { return due }
        isReady = false
        unsafe MHD_run(pointer)
        var milliseconds: UInt64 = 0
        let isDue = unsafe MHD_get_timeout(pointer, &milliseconds) == .YES
        due = isDue ? .now + .milliseconds(Int64(clamping: milliseconds)) + pause(before: milliseconds) : nil
        return due
    }

    /// With epoll, 0.9.75 takes a handshake that waits for the caller for something to do at once, for ever: a connection that stops
    /// there would cost a whole processor until the reaper closes it. What comes wakes the loop all the same.
    private func pause(before milliseconds: UInt64) -> Duration {
        guard milliseconds == 0 else { return .zero }
        idleRuns += 1
        return idleRuns <= Self.mostIdleRuns ? .zero : .milliseconds(idleRuns <= 14 ? 1 : 10)
    }

    /// Lets libmicrohttpd go on with a suspended connection, in this loop's next turn. From any thread.
    fileprivate func resume(_ connection: SuspendedConnection) {
        guard EventLoop.current !== loop else { return resumeHere(connection) }
        loop.execute { self.resumeHere(connection) }
    }

    private func resumeHere(_ connection: SuspendedConnection) {
        unsafe MHD_resume_connection(connection.pointer)
        (isReady, idleRuns) = (true, 0)
    }

    /// Ends all connections and leaves the loop. Once, last, with no connection suspended: libmicrohttpd would abort.
    func stop() {
        let done = WorkSignal()
        loop.execute {
            unsafe self.loop.forget(cmhd_epoll(self.pointer))
            self.loop.remove(self)
            unsafe MHD_stop_daemon(self.pointer)
            done.signal()
        }
        done.wait()
    }
}

/// A connection that libmicrohttpd leaves alone until `resume`.
///
/// `@unchecked Sendable`: a suspended connection cannot end before it is resumed, and whoever takes this value out of
/// its `Handover` is the only one to resume it. Nobody touches it afterwards.
@safe struct SuspendedConnection: @unchecked Sendable {
    fileprivate let pointer: OpaquePointer
    private let daemon: Daemon

    /// Suspends; in a callback of this connection, on its thread.
    init(suspending connection: OpaquePointer, of daemon: Daemon) {
        unsafe MHD_suspend_connection(connection)
        unsafe pointer = unsafe connection
        self.daemon = daemon
    }

    /// Lets the connection's loop go on with it. From any thread, once.
    func resume() {
        daemon.resume(self)
    }
}

/// The system's text for an error number.
func reason(of error: Int32) -> String {
    // A constant or, for an unknown number, this thread's own buffer (glibc 2.32 and later).
    guard let text = unsafe strerror(error) else { return "error \(error)" }
    return unsafe String(cString: text)
}
