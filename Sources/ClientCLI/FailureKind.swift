import ClientHTTP

/// The kinds of failure, for programs that read `output: json`: stable names, each with an entry in docs/errors.md.
enum FailureKind: String, CaseIterable {
    case invalidParameters = "invalid_parameters"
    case coreDumpsOn = "core_dumps_on"

    case velaRefused = "vela_refused"
    case velaAnswerInvalid = "vela_answer_invalid"
    case gatewayRefused = "gateway_refused"
    case gatewayAnswerInvalid = "gateway_answer_invalid"
    case credentialsExpired = "credentials_expired"

    case fileNotWritten = "file_not_written"
    case outputFailed = "output_failed"

    case nameNotResolved = "name_not_resolved"
    case notConnected = "not_connected"
    case trustUnusable = "trust_unusable"
    case handshakeFailed = "handshake_failed"
    case certificateRefused = "certificate_refused"
    case proxyNotReached = "proxy_not_reached"
    case proxyAuthentication = "proxy_authentication"
    case proxyRefused = "proxy_refused"
    case proxyAnswerInvalid = "proxy_answer_invalid"
    case timedOut = "timed_out"
    case connectionLost = "connection_lost"
    case malformedAnswer = "malformed_answer"
    case answerTooLarge = "answer_too_large"
    case redirected

    /// The kind of a request without an answer.
    init(_ error: ClientHTTPError) {
        self =
            switch error {
            case .nameNotResolved: .nameNotResolved
            case .notConnected: .notConnected
            case .trustUnusable: .trustUnusable
            case .handshakeFailed: .handshakeFailed
            case .certificateRefused: .certificateRefused
            case .proxyNotReached: .proxyNotReached
            case .proxyAuthentication: .proxyAuthentication
            case .proxyRefused: .proxyRefused
            case .proxyAnswerInvalid: .proxyAnswerInvalid
            case .timedOut: .timedOut
            case .connectionLost: .connectionLost
            case .malformedAnswer: .malformedAnswer
            case .answerTooLarge: .answerTooLarge
            case .redirected: .redirected
            }
    }
}
