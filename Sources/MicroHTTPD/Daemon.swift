import CMicroHTTPD
import Glibc

/// libmicrohttpd's daemon: its threads and connections, without a listening socket of its own.
///
/// `@unchecked Sendable`: the pointer is made once and read only. `add` and `stop` come from one thread each, the
/// acceptor's and then, when that has ended, the shutdown's.
@safe final class Daemon: @unchecked Sendable {
    private let pointer: OpaquePointer

    /// Starts the threads. `bridge` must stay alive until `stop` has returned: the callbacks hold it unretained.
    init(_ configuration: HTTPServerConfiguration, bridge: Bridge) throws(HTTPServerError) {
        var settings = unsafe cmhd_settings()
        let tls = configuration.tls == nil ? MHD_FLAG(0) : MHD_USE_TLS
        unsafe settings.flags =
            MHD_USE_EPOLL_INTERNAL_THREAD.rawValue | MHD_USE_NO_LISTEN_SOCKET.rawValue
            | MHD_ALLOW_SUSPEND_RESUME.rawValue | tls.rawValue
        unsafe settings.threads = UInt32(max(1, configuration.threads))
        unsafe settings.connection_limit = Self.unreachableLimit(configuration)
        unsafe settings.connection_memory = configuration.maximumHeaderBytes
        unsafe settings.cls = Unmanaged.passUnretained(bridge).toOpaque()
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
    }

    /// libmicrohttpd shares its limit out to its threads and leaks a mutex when a thread reaches its share, so each
    /// share has room for twice all that the acceptor ever lets in.
    private static func unreachableLimit(_ configuration: HTTPServerConfiguration) -> UInt32 {
        UInt32(clamping: (configuration.maximumConnections * 2 + 64) * max(1, configuration.threads))
    }

    /// Hands over an accepted socket, which libmicrohttpd closes in any case. False when it did so at once.
    func add(_ socket: Int32, address: inout sockaddr_storage, length: socklen_t) -> Bool {
        // The address is the caller's for the call; libmicrohttpd copies it.
        unsafe withUnsafePointer(to: &address) { address in
            unsafe address.withMemoryRebound(to: sockaddr.self, capacity: 1) { address in
                unsafe MHD_add_connection(pointer, socket, address, length) == .YES
            }
        }
    }

    /// Ends all threads and connections. Once, last, with no connection suspended: libmicrohttpd would abort.
    func stop() {
        unsafe MHD_stop_daemon(pointer)
    }
}

/// A connection that libmicrohttpd leaves alone until `resume`.
///
/// `@unchecked Sendable`: a suspended connection cannot end before it is resumed, and whoever takes this value out of
/// its `Handover` is the only one to resume it. Nobody touches it afterwards.
@safe struct SuspendedConnection: @unchecked Sendable {
    private let pointer: OpaquePointer

    /// Suspends; in a callback of this connection, on its thread.
    init(suspending connection: OpaquePointer) {
        unsafe MHD_suspend_connection(connection)
        unsafe pointer = unsafe connection
    }

    /// Lets the connection's thread go on with it. From any thread, once.
    func resume() {
        unsafe MHD_resume_connection(pointer)
    }
}

/// The system's text for an error number.
func reason(of error: Int32) -> String {
    // A constant or, for an unknown number, this thread's own buffer (glibc 2.32 and later).
    guard let text = unsafe strerror(error) else { return "error \(error)" }
    return unsafe String(cString: text)
}
