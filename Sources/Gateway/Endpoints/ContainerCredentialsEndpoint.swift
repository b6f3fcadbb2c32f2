import ExchangeAPI
import ExchangeCore
import MicroHTTPD
import Secrets
import StrictJSON

/// `GET /v1/container-credentials?role=ARN`: what AWS's SDKs ask under AWS_CONTAINER_CREDENTIALS_FULL_URI.
struct ContainerCredentialsEndpoint: Sendable {
    let exchange: Exchange
    /// For a whole request.
    let patience: Duration

    /// Boto3 gives up after 2 s, and what comes later is made for nobody.
    static let usualPatience = Duration.milliseconds(1500)

    func respond(to request: HTTPRequest) async -> HTTPResponse {
        let call = exchange.call(request, within: patience)
        do throws(Refusal) {
            let issued = try await exchange.answer(call, of: .container) { () throws(Refusal) in
                PresentedRequest(
                    token: try token(of: request), request: ExchangeRequest(role: try role(in: request.query)))
            }
            return .container(issued.credentials, requestID: call.requestID)
        } catch {
            return .containerError(error.problem, requestID: call.requestID)
        }
    }

    /// The SDKs send the token file's content as it is; who writes the header himself writes `Bearer`.
    private func token(of request: HTTPRequest) throws(Refusal) -> Secret {
        guard let value = request.authorization else { throw .tokenMissing }
        return value.bearerToken ?? value
    }

    private func role(in query: String?) throws(Refusal) -> RoleARN {
        let fields = try FormFields(parsing: (query ?? "").utf8.span)
        guard fields.names == ["role"], let role = fields["role"]?.validText.flatMap(RoleARN.init(parsing:)) else {
            throw .invalidRequest(
                "the address must end in ?role= and the ARN of a role, such as arn:aws:iam::123456789012:role/deploy, with nothing else; write a '+' in it as %2B"
            )
        }
        return role
    }
}

extension HTTPResponse {
    fileprivate static func container(_ credentials: Credentials, requestID: RequestID) -> HTTPResponse {
        .container(200, requestID, .secret(credentials.containerDocument()))
    }

    /// A refusal as these SDKs read it.
    static func containerError(_ problem: ProblemSummary, requestID: RequestID) -> HTTPResponse {
        var writer = JSONWriter(into: [UInt8]())
        writer.beginObject()
        writer.member("code", problem.code.rawValue)
        writer.member("message", "\(problem.detail) [request \(requestID)]")
        writer.endObject()
        var response = HTTPResponse.container(problem.code.page.status, requestID, .bytes(writer.finish()))
        if let wait = problem.retryAfter {
            response.headers.append((name: "Retry-After", value: String(wait.wholeSeconds)))
        }
        return response
    }

    private static func container(_ status: Int, _ requestID: RequestID, _ body: HTTPBody) -> HTTPResponse {
        HTTPResponse(
            status: status,
            headers: [
                (name: "Content-Type", value: "application/json"), (name: "Cache-Control", value: "no-store"),
                (name: "X-Request-Id", value: requestID.description),
            ],
            body: body)
    }
}

extension Credentials {
    /// Written from the secrets' bytes straight into a buffer that is wiped.
    fileprivate func containerDocument() -> Secret {
        var writer = JSONWriter(into: SecretBuilder(capacity: 4096))
        writer.beginObject()
        writer.member("AccessKeyId", accessKeyID)
        writer.name("SecretAccessKey")
        secretAccessKey.withBytes { writer.string(utf8: $0) }
        writer.name("Token")
        sessionToken.withBytes { writer.string(utf8: $0) }
        writer.member("Expiration", expiration.description)
        writer.endObject()
        return writer.finish().finish()
    }
}
