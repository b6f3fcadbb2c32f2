import ExchangeAPI
import MicroHTTPD

/// How a front says no: in the words that its clients can read. An SDK repeats or shows only what it understands.
enum Dialect: Sendable {
    /// RFC 9457, for our own client and for people.
    case problem
    /// AWS STS's XML.
    case sts
    /// The JSON of the container credentials provider.
    case container

    /// That of a path's clients, whether or not the path is served: who mistypes a profile's name has an SDK before him too.
    init(path: String) {
        switch path {
        case "/", "/sts": self = .sts
        case let path where path.hasPrefix(STSProfile.pathPrefix): self = .sts
        case "/v1/container-credentials": self = .container
        default: self = .problem
        }
    }

    /// The answer under a request id of its own.
    func response(_ summary: ProblemSummary) -> HTTPResponse {
        let requestID = RequestID()
        return switch self {
        case .problem: .problem(summary, requestID: requestID)
        case .sts: .stsError(STSErrorReply(summary), requestID: requestID)
        case .container: .containerError(summary, requestID: requestID)
        }
    }
}

extension STSErrorReply {
    /// What was refused before there was a request to refuse: by path, method, media type, size, or for want of time.
    fileprivate init(_ summary: ProblemSummary) {
        let page = summary.code.page
        let finalCode = page.status == 403 ? "AccessDenied" : "ValidationError"
        self.init(
            status: page.status, code: page.retryable ? "ServiceUnavailable" : finalCode,
            fault: page.retryable ? .receiver : .sender, message: summary.detail, reason: summary.code.rawValue,
            retryAfter: summary.retryAfter)
    }
}
