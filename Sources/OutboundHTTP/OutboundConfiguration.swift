/// How one client connects. Nothing is taken from the environment: `HTTPS_PROXY` and the like are ignored.
package struct OutboundConfiguration: Sendable {
    /// The User-Agent header.
    package var userAgent: String
    /// A PEM file of the certificate authorities to trust *instead of* the system's; nil is the system's.
    package var caFile: String?
    /// The proxy's address, such as `http://proxy.example.com:3128`; nil is none. It is asked for a tunnel, for http too.
    package var proxy: String?
    /// Hosts, `.domains` and CIDRs that are reached without the proxy.
    package var proxyExceptions: [String]
    /// How long a connection, TLS included, may take: two SYN retransmissions (1 s, 3 s) and a handshake.
    package var connectTimeout: Duration
    /// Connections at once, to all hosts together, shared out to the loops; more requests wait for one, within their deadlines.
    package var maximumConnections: Int

    /// The defaults fit a gateway that talks to one STS endpoint and a few issuers.
    package init(
        userAgent: String,
        caFile: String? = nil,
        proxy: String? = nil,
        proxyExceptions: [String] = ["localhost", "127.0.0.0/8", "::1"],
        connectTimeout: Duration = .seconds(4),
        maximumConnections: Int = 128
    ) {
        self.userAgent = userAgent
        self.caFile = caFile
        self.proxy = proxy
        self.proxyExceptions = proxyExceptions
        self.connectTimeout = connectTimeout
        self.maximumConnections = maximumConnections
    }
}

/// Why a client could not be made.
package enum OutboundSetupError: Error, Sendable, Equatable, CustomStringConvertible {
    /// The CA file cannot be read or holds no certificate.
    case caFile(String)
    /// The environment has SSLKEYLOGFILE, to which libcurl would write the keys of every TLS connection.
    case keyLog
    /// libcurl or the operating system refused; the text says what.
    case unavailable(String)

    /// The cause and the remedy.
    package var description: String {
        switch self {
        case .caFile(let path): "\(path) is no readable PEM file with a certificate: check the path and its mode"
        case .keyLog: "SSLKEYLOGFILE is set, and would disclose every token and credential sent over TLS: unset it"
        case .unavailable(let reason): "the HTTP client cannot start: \(reason)"
        }
    }
}
