import ExchangeAPI
import MicroHTTPD

extension HTTPResponse {
    /// An answer of the administrator's listener: never kept, never framed, and no page of it may load or run anything.
    static func administration(_ status: Int, _ type: String, _ body: [UInt8]) -> HTTPResponse {
        HTTPResponse(
            status: status, headers: [(name: "Content-Type", value: type)] + protections, body: .bytes(body))
    }

    /// A page for people.
    static func page(_ status: Int = 200, title: String, _ body: [HTML]) -> HTTPResponse {
        .administration(
            status, "text/html; charset=utf-8", HTMLWriter.document(title: "\(title) - vela-aws-gateway", body: body))
    }

    /// JSON for programs.
    static func document(_ bytes: [UInt8]) -> HTTPResponse { .administration(200, "application/json", bytes) }

    /// A refusal in one line.
    static func line(_ status: Int, _ sentence: String) -> HTTPResponse {
        .administration(status, "text/plain; charset=utf-8", Array("\(sentence)\n".utf8))
    }

    /// A refusal for programs, RFC 9457.
    static func administrationProblem(_ summary: ProblemSummary) -> HTTPResponse {
        var response = problem(summary, requestID: RequestID())
        response.headers += protections.filter { $0.name != "Cache-Control" }
        return response
    }

    private static let protections = [
        (name: "Cache-Control", value: "no-store"),
        (
            name: "Content-Security-Policy",
            value: "default-src 'none'; style-src \(StyleSheet.source); form-action 'self'; base-uri 'none'; "
                + "frame-ancestors 'none'"
        ),
        (name: "Cross-Origin-Opener-Policy", value: "same-origin"),
        (name: "Cross-Origin-Resource-Policy", value: "same-origin"),
        // Not no-referrer: with it a browser sends `Origin: null` with our own form (Fetch, "append a request Origin header").
        (name: "Referrer-Policy", value: "same-origin"),
        (name: "X-Content-Type-Options", value: "nosniff"),
        (name: "X-Frame-Options", value: "DENY"),
    ]
}
