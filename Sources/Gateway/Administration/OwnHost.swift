import MicroHTTPD
import Threading

/// What tells a request for this listener from one that a browser was tricked into.
///
/// There is no password here, so two things stand in for it. A page elsewhere whose name was made to point at loopback (DNS
/// rebinding) still sends its own name as Host. A page elsewhere that posts a form to us sends its own Origin, and no page can
/// choose either.
final class OwnHost: Sendable {
    /// The literal that was configured, when it is none of the usual names: 127.0.0.2.
    private let configured: String?
    private let isUnixSocket: Bool
    /// Nil until the listener is bound.
    private let port: Lock<UInt16?>

    init(_ address: ListenAddress) {
        switch address {
        case .ip(let host, let port):
            (configured, isUnixSocket) = (host, false)
            self.port = Lock(port == 0 ? nil : port)
        case .unix: (configured, isUnixSocket, port) = (nil, true, Lock(nil))
        }
    }

    /// Takes note of the port that the system chose.
    func bound(to port: UInt16) { self.port.withLock { $0 = port } }

    /// Whether a Host is one of ours: `localhost`, `127.0.0.1` or `[::1]`, with the port in use. Behind a Unix socket there is no
    /// port of ours: whoever forwards to it, as `ssh -L` does, chooses one.
    func names(_ host: String?) -> Bool {
        guard let host else { return false }
        var name = Substring(host)
        var port: UInt16?
        if let colon = host.lastIndex(of: ":"), !host.hasSuffix("]") {
            guard let number = UInt16(digits: host[host.index(after: colon)...]) else { return false }
            (name, port) = (host[..<colon], number)
        }
        let names = ["localhost", "127.0.0.1", "[::1]", configured].compactMap { $0 }
        guard names.contains(where: { $0 == name.lowercased() }) else { return false }
        return isUnixSocket || (port != nil && port == self.port.withLock { $0 })
    }

    /// Whether a POST comes from a page that this listener served at `host`. One without an Origin is refused: every browser
    /// sends it, and a tool can.
    static func isOrigin(_ origin: String?, at host: String?) -> Bool {
        guard let origin, let host else { return false }
        return origin.lowercased() == "http://\(host.lowercased())"
    }
}
