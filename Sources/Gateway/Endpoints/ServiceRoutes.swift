import ExchangeAPI
import ExchangeCore
import MicroHTTPD

/// The paths of the service listener. Only whole known paths are compared.
struct ServiceRoutes: Sendable {
    let credentials: CredentialsEndpoint
    let sts: STSFrontEndpoint
    let container: ContainerCredentialsEndpoint
    let whoami: WhoamiEndpoint

    init(
        exchange: Exchange, profiles: [String: STSProfile], containerPatience: Duration, whoami detail: WhoamiDetail
    ) {
        credentials = CredentialsEndpoint(exchange: exchange)
        sts = STSFrontEndpoint(exchange: exchange, profiles: profiles)
        container = ContainerCredentialsEndpoint(exchange: exchange, patience: containerPatience)
        whoami = WhoamiEndpoint(exchange: exchange, detail: detail)
    }

    /// The routes by what metrics call them.
    enum Route: String, Sendable, CaseIterable {
        case credentials = "/v1/credentials"
        case sts = "/"
        case stsProfile = "/sts/<profile>"
        case container = "/v1/container-credentials"
        case whoami = "/v1/whoami"
        case openAPI = "/openapi.json"
        case errorPage = "/errors"

        init?(path: String) {
            switch path {
            case "/v1/credentials": self = .credentials
            case "/": self = .sts
            case "/v1/container-credentials": self = .container
            case "/v1/whoami": self = .whoami
            case "/openapi.json": self = .openAPI
            case let path where STSProfile.name(in: path) != nil: self = .stsProfile
            case let path where path.hasPrefix("/errors/"): self = .errorPage
            default: return nil
            }
        }

        var method: HTTPMethod {
            switch self {
            case .credentials, .sts, .stsProfile, .whoami: .post
            case .container, .openAPI, .errorPage: .get
            }
        }

        /// Whether HEAD is answered as GET without a body. Not where a GET makes credentials.
        var answersHead: Bool { self == .openAPI || self == .errorPage }

        /// The media type of the body; nil for a route that takes none.
        var mediaType: String? {
            switch self {
            case .credentials: "application/json"
            case .sts, .stsProfile: "application/x-www-form-urlencoded"
            case .container, .whoami, .openAPI, .errorPage: nil
            }
        }
    }

    /// Answers from the head alone what can be: 404, 405, 415.
    static func prepare(_ head: HTTPRequestHead) -> HTTPResponse? {
        guard let route = Route(path: head.path) else {
            let detail =
                "The gateway serves POST /v1/credentials; for AWS SDKs, POST /, POST /sts/<profile> and GET /v1/container-credentials. /openapi.json describes all."
            return Dialect(path: head.path).response(ProblemSummary(.notFound, detail))
        }
        guard head.method == route.method, !head.isHead || route.answersHead else {
            return route.methodNotAllowed(in: Dialect(path: head.path))
        }
        guard let mediaType = route.mediaType, head.headers["content-type"]?.hasMediaType(mediaType) != true else {
            return nil
        }
        let detail = "Send the body as 'Content-Type: \(mediaType)'."
        return Dialect(path: head.path).response(ProblemSummary(.unsupportedMediaType, detail))
    }

    func respond(to request: HTTPRequest) async -> HTTPResponse {
        switch Route(path: request.path) {
        case .credentials: await credentials.respond(to: request)
        case .sts, .stsProfile: await sts.respond(to: request)
        case .container: await container.respond(to: request)
        case .whoami: await whoami.respond(to: request)
        case .openAPI: .openAPIDocument
        case .errorPage: .errorPage(String(request.path.dropFirst("/errors/".count)))
        case nil: Dialect.problem.response(ProblemSummary(.notFound, "There is no such path."))
        }
    }
}

extension ServiceRoutes.Route {
    /// 405 with the methods to use.
    fileprivate func methodNotAllowed(in dialect: Dialect) -> HTTPResponse {
        let methods = answersHead ? "GET, HEAD" : method.rawValue
        var response = dialect.response(ProblemSummary(.methodNotAllowed, "Use \(methods)."))
        response.headers.append((name: "Allow", value: methods))
        return response
    }
}

extension HTTPResponse {
    /// What this listener serves, for programs.
    fileprivate static var openAPIDocument: HTTPResponse {
        let headers = [
            (name: "Content-Type", value: "application/json"), (name: "X-Request-Id", value: RequestID().description),
        ]
        return HTTPResponse(status: 200, headers: headers, body: .bytes(Array(OpenAPIDocument.json.utf8)))
    }

    /// The page that a problem's `type` names.
    fileprivate static func errorPage(_ name: String) -> HTTPResponse {
        guard let code = ProblemCode(rawValue: name) else {
            return Dialect.problem.response(ProblemSummary(.notFound, "There is no error of this name."))
        }
        let page = code.page
        let text = """
            \(code.rawValue) (HTTP \(page.status)): \(page.title)

            What to do: \(page.remedy)
            Trying the same again \(page.retryable ? "can help." : "does not help.")

            """
        let headers = [
            (name: "Content-Type", value: "text/plain; charset=utf-8"),
            (name: "X-Request-Id", value: RequestID().description),
        ]
        return HTTPResponse(status: 200, headers: headers, body: .bytes(Array(text.utf8)))
    }
}

extension String {
    /// Whether a Content-Type is `expected`, with or without parameters.
    fileprivate func hasMediaType(_ expected: String) -> Bool {
        guard let mediaType = split(separator: ";", maxSplits: 1).first else { return false }
        return mediaType.lowercased().trimmingSpaces == expected
    }
}

extension StringProtocol {
    fileprivate var trimmingSpaces: String {
        var text = Substring(self)
        while text.last == " " || text.last == "\t" { text.removeLast() }
        return String(text)
    }
}
