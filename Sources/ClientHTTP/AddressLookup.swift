import Glibc

/// One look-up of a name, on a thread of its own: getaddrinfo knows no deadline and can take half a minute.
///
/// When the deadline comes first the thread is left behind; it ends by itself and its answer is dropped.
final class AddressLookup: @unchecked Sendable {
    private let host: String
    private let port: UInt16
    // A pipe that becomes readable when `result` stands. Closed with the last reference, so never under the thread's
    // feet.
    private let readEnd: Int32
    private let writeEnd: Int32
    // Written by the thread before it writes to the pipe, read by the caller after it saw the byte: never at once.
    private var result: Result<[SocketAddress], LookupFailure>?

    private init(host: String, port: UInt16) {
        self.host = host
        self.port = port
        var ends: [Int32] = [-1, -1]
        // pipe writes two numbers into an array of two; on failure they stay -1.
        _ = unsafe pipe(&ends)
        readEnd = ends[0]
        writeEnd = ends[1]
    }

    deinit {
        close(readEnd)
        close(writeEnd)
    }

    /// The addresses of `host`, best first. Never empty.
    static func addresses(
        of host: URLHost, port: UInt16, until deadline: Deadline
    ) throws(ClientHTTPError) -> [SocketAddress] {
        let result: Result<[SocketAddress], LookupFailure>
        switch host {
        case .name(URLHost.localhost): result = loopback(port: port)
        case .name(let name): result = try AddressLookup(host: name, port: port).run(until: deadline)
        case .ipv4(let text), .ipv6(let text): result = SocketAddress.lookUp(text, port: port, onlyNumeric: true)
        }
        switch result {
        case .success(let addresses) where !addresses.isEmpty: return addresses
        case .success: throw .nameNotResolved(host: host.text, reason: "no address")
        case .failure(let failure): throw .nameNotResolved(host: host.text, reason: failure.reason)
        }
    }

    /// RFC 6761 section 6.3: not looked up, so that no name server can send it elsewhere.
    private static func loopback(port: UInt16) -> Result<[SocketAddress], LookupFailure> {
        let found = ["127.0.0.1", "::1"].map { SocketAddress.lookUp($0, port: port, onlyNumeric: true) }
        // Two constants: one fails only where the machine lacks its protocol, and then it is no address here.
        return .success(found.flatMap { (try? $0.get()) ?? [] })
    }

    private func run(until deadline: Deadline) throws(ClientHTTPError) -> Result<[SocketAddress], LookupFailure> {
        guard readEnd >= 0, start() else { return SocketAddress.lookUp(host, port: port, onlyNumeric: false) }
        guard Poll.wait(readEnd, for: POLLIN, until: deadline) else { throw .timedOut(.resolving) }
        // The read is what orders the thread's write of `result` before ours; the byte is there, so it does not block.
        var byte: UInt8 = 0
        guard unsafe read(readEnd, &byte, 1) == 1, let result else { throw .timedOut(.resolving) }
        return result
    }

    /// Starts the thread, which holds a reference of its own. False when the system has no thread to give.
    private func start() -> Bool {
        var thread = pthread_t()
        // The reference is handed to the thread, which takes it over in `addressLookupThread`.
        let reference = unsafe Unmanaged.passRetained(self)
        let code = unsafe pthread_create(&thread, nil, addressLookupThread, reference.toOpaque())
        guard code == 0 else {
            unsafe reference.release()
            return false
        }
        pthread_detach(thread)
        return true
    }

    fileprivate func answer() {
        result = SocketAddress.lookUp(host, port: port, onlyNumeric: false)
        var byte: UInt8 = 1
        // One byte of a local into an empty pipe whose two ends this object holds: it cannot block or break.
        _ = unsafe write(writeEnd, &byte, 1)
    }
}

/// A file-scope function, because a closure would carry an actor's isolation onto a thread that has none.
private func addressLookupThread(_ reference: UnsafeMutableRawPointer?) -> UnsafeMutableRawPointer? {
    guard let reference = unsafe reference else { return nil }
    // Balances the passRetained in `start`.
    unsafe Unmanaged<AddressLookup>.fromOpaque(reference).takeRetainedValue().answer()
    return nil
}
