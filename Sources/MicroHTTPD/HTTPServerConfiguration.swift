/// Where to listen, how much to take, and how long to wait. Each default has its reason beside it.
package struct HTTPServerConfiguration: Sendable {
    /// Where to listen.
    package var address: ListenAddress
    /// Connections at a time. 1,024 suspended ones cost about 8 kB each, well inside a small pod.
    package var maximumConnections: Int = 1_024
    /// Connections at a time from one address (IPv6: from one /64). All of them by default: behind a proxy or mesh every client has the
    /// proxy's address.
    package var maximumConnectionsPerAddress: Int = 1_024
    /// The longest body accepted; longer is 413. A token of 8 kB and a session policy of 2 kB fit many times.
    package var maximumBodyBytes: Int = 64 * 1_024
    /// The memory for one connection's request line and headers; what does not fit is 414 or 431. A token in a header
    /// stays below 8 kB.
    package var maximumHeaderBytes: Int = 32 * 1_024
    /// From the connection (TLS handshake included), or from a later request's first line, to the end of its headers.
    package var headerDeadline: Duration = .seconds(5)
    /// From the end of the headers to the end of the body, and again from the answer to its last byte taken.
    package var bodyDeadline: Duration = .seconds(5)
    /// How long a connection may lie between two requests. Above the 60 s that proxies keep theirs, so that the proxy
    /// closes first and never sends into a closing connection.
    package var idleTimeout: Duration = .seconds(75)
    /// From the end of the headers to the answer: the whole request's deadline (docs/architecture.md).
    package var requestDeadline: Duration = .seconds(10)
    /// How far beyond its deadline a handler may go before it is cancelled and answered for, and how long one that a
    /// drain cancels may go on: room to answer by itself.
    package var requestDeadlineMargin: Duration = .milliseconds(500)
    /// The certificate; nil for plain HTTP.
    package var tls: TLSConfiguration?

    /// The defaults, on `address`.
    package init(address: ListenAddress, tls: TLSConfiguration? = nil) {
        self.address = address
        self.tls = tls
    }
}

/// Where a server listens.
package enum ListenAddress: Sendable, Hashable {
    /// A host's address and a port; 0 lets the system choose one. `::` takes IPv4 too.
    case ip(host: String, port: UInt16)
    /// A Unix socket, made with mode 0600 and removed at the end.
    case unix(path: String)
}

extension ListenAddress: CustomStringConvertible {
    /// `127.0.0.1:8080`, `[::1]:8080` or `unix:/run/gateway.sock`.
    package var description: String {
        switch self {
        case .ip(let host, let port): host.utf8.contains(UInt8(ascii: ":")) ? "[\(host)]:\(port)" : "\(host):\(port)"
        case .unix(let path): "unix:\(path)"
        }
    }
}
