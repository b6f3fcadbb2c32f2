import ExchangeAPI
import ExchangeCore
import MicroHTTPD

extension HTTPResponse {
    /// The answer to a refusal: RFC 9457, with Retry-After and WWW-Authenticate where they belong.
    static func problem(_ summary: ProblemSummary, requestID: RequestID) -> HTTPResponse {
        let page = summary.code.page
        let problem = Problem(
            code: summary.code.rawValue, title: page.title, status: page.status, detail: summary.detail,
            retryable: page.retryable, requestID: requestID.description)
        var headers = [
            (name: "Content-Type", value: Problem.mediaType), (name: "Cache-Control", value: "no-store"),
            (name: "X-Request-Id", value: requestID.description),
        ]
        if let wait = summary.retryAfter {
            headers.append((name: "Retry-After", value: String(wait.wholeSeconds)))
        }
        if page.status == 401 { headers.append((name: "WWW-Authenticate", value: summary.code.challenge)) }
        return HTTPResponse(status: page.status, headers: headers, body: .bytes(problem.bytes))
    }
}

extension Duration {
    /// At least one second, rounded up: who comes back early is refused again.
    var wholeSeconds: Int64 {
        max(1, components.seconds + (components.attoseconds > 0 ? 1 : 0))
    }
}

extension ProblemCode {
    /// RFC 6750 section 3.1: no error code when no token was sent.
    fileprivate var challenge: String {
        self == .tokenMissing ? "Bearer" : "Bearer error=\"invalid_token\", error_description=\"\(rawValue)\""
    }
}
