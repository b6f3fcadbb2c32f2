import Glibc

/// An address and port that a socket can connect to.
@safe struct SocketAddress: Sendable {
    // Plain bytes copied out of getaddrinfo's list; no pointer is kept.
    private var storage: sockaddr_storage
    private let length: socklen_t

    var family: Int32 { Int32(storage.ss_family) }

    /// Copies the address of one entry of getaddrinfo's list.
    init?(_ entry: addrinfo) {
        let size = unsafe Int(entry.ai_addrlen)
        guard size <= MemoryLayout<sockaddr_storage>.size, let source = unsafe entry.ai_addr else { return nil }
        var copy = sockaddr_storage()
        // The list is alive while its entry is read, and `size` bytes fit: checked above.
        unsafe withUnsafeMutableBytes(of: &copy) {
            unsafe $0.copyMemory(from: UnsafeRawBufferPointer(start: source, count: size))
        }
        storage = copy
        length = unsafe entry.ai_addrlen
    }

    /// connect(2) on `descriptor`; its result.
    func connect(_ descriptor: Int32) -> Int32 {
        unsafe withUnsafeBytes(of: storage) { bytes in
            guard let start = unsafe bytes.assumingMemoryBound(to: sockaddr.self).baseAddress else { return -1 }
            return unsafe Glibc.connect(descriptor, start, length)
        }
    }
}

extension SocketAddress {
    /// getaddrinfo's answer: addresses in its order, at most 16, or one of its error codes.
    static func lookUp(_ host: String, port: UInt16, onlyNumeric: Bool) -> Result<[SocketAddress], LookupFailure> {
        var hints = unsafe addrinfo()
        unsafe hints.ai_socktype = Int32(SOCK_STREAM.rawValue)
        unsafe hints.ai_flags = AI_NUMERICSERV | (onlyNumeric ? AI_NUMERICHOST : 0)
        var list: UnsafeMutablePointer<addrinfo>?
        let code = unsafe getaddrinfo(host, String(port), &hints, &list)
        guard code == 0 else { return .failure(LookupFailure(code: code)) }
        // The list is ours until freeaddrinfo, and nothing of it is kept.
        defer { unsafe freeaddrinfo(list) }
        var addresses: [SocketAddress] = []
        var entry = unsafe list
        while let current = unsafe entry, addresses.count < 16 {
            if let address = unsafe SocketAddress(current.pointee) { addresses.append(address) }
            unsafe entry = current.pointee.ai_next
        }
        return .success(addresses)
    }
}

/// An error code of getaddrinfo.
struct LookupFailure: Error {
    let code: Int32

    var reason: String {
        // A constant string of the C library.
        unsafe gai_strerror(code).map { unsafe String(cString: $0) } ?? "error \(code)"
    }
}
