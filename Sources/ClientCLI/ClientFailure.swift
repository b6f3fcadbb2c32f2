import ClientHTTP

/// Why there are no credentials, in words: what happened, whose turn it is, what to do.
struct ClientFailure: Error, Equatable, CustomStringConvertible {
    let kind: FailureKind
    /// What happened.
    let event: String
    /// Who can do what about it.
    let remedy: String
    /// The gateway's name for the request, to be quoted to its operator; nil where there is none.
    var requestID: String?
    /// The gateway's name for the reason; nil where there is none.
    var code: String?

    init(_ kind: FailureKind, event: String, remedy: String, requestID: String? = nil, code: String? = nil) {
        self.kind = kind
        self.event = event
        self.remedy = remedy
        self.requestID = requestID
        self.code = code
    }

    var description: String {
        let sentence = event.hasSuffix(".") ? event : event + "."
        return sentence + " " + remedy + (requestID.map { " (request id \($0))" } ?? "")
    }
}

extension ClientFailure {
    /// The same failure, said of one of several roles.
    func concerning(profile: String) -> ClientFailure {
        ClientFailure(kind, event: "profile \(profile): \(event)", remedy: remedy, requestID: requestID, code: code)
    }

    /// A request that got no answer. `server` names it, `setting` says where its address comes from.
    init(_ error: ClientHTTPError, server: String, setting: String) {
        let event = if case .trustUnusable = error { "\(server) was not asked" } else { "\(server) gave no answer" }
        self.init(FailureKind(error), event: "\(event): \(error)", remedy: Self.remedy(for: error, setting: setting))
    }

    private static let proxySetting = "the proxy's address (the parameter proxy, or HTTPS_PROXY)"

    private static func remedy(for error: ClientHTTPError, setting: String) -> String {
        switch error {
        case .nameNotResolved, .notConnected:
            "Check \(setting), and that this step's network can reach it."
        case .trustUnusable:
            "Set gateway_ca (for the gateway) or SSL_CERT_FILE (for both) to a PEM file that this step can read."
        case .certificateRefused:
            "If the server's certificate is from a private authority, set gateway_ca (for the gateway) or "
                + "SSL_CERT_FILE (for Vela); "
                + "if the name does not fit, check \(setting)."
        case .handshakeFailed:
            "Check that \(setting) names a port that speaks TLS 1.2 or later."
        case .proxyNotReached, .proxyAnswerInvalid:
            "Check \(proxySetting); if \(setting) can be reached without it, add its host to no_proxy."
        case .proxyAuthentication:
            "Write the user and password that those who run the proxy gave you into \(proxySetting), as in "
                + "http://user:password@proxy.example.com:3128."
        case .proxyRefused:
            "Ask those who run the proxy to let this step through to \(setting); "
                + "if it can be reached without the proxy, add its host to no_proxy."
        case .timedOut:
            "Try again; if it stays so, raise the parameter timeout or tell those who run the server."
        case .connectionLost:
            "Try again; if it stays so, tell those who run the server or a proxy before it."
        case .malformedAnswer, .answerTooLarge:
            "Check that \(setting) names the server itself; a proxy between may be answering."
        case .redirected:
            "Set \(setting) to the final address; a redirect to a login page means that a proxy stands before it."
        }
    }
}
