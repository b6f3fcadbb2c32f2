import ExchangeAPI
import ExchangeCore
import MicroHTTPD
import Secrets

/// What `/v1/whoami` tells.
enum WhoamiDetail: String, Sendable, CaseIterable {
    /// The caller's own claims.
    case claims
    /// And the names of the rules whose condition they meet.
    case rules
}

/// `POST /v1/whoami`: the caller's own verified claims, to see what the policy sees. Never conditions, roles or credentials.
struct WhoamiEndpoint: Sendable {
    let exchange: Exchange
    let detail: WhoamiDetail

    func respond(to request: HTTPRequest) async -> HTTPResponse {
        let call = exchange.call(request)
        do throws(Refusal) {
            let token = try await exchange.identity(call) { () throws(Refusal) in
                guard request.body.isEmpty, request.query == nil else {
                    throw .invalidRequest("/v1/whoami takes no body and no parameters, only the token in Authorization")
                }
                guard let token = request.authorization?.bearerToken else { throw .tokenMissing }
                return token
            }
            return .identity(of: token, rules: detail == .rules ? exchange.ruleNames(for: token) : nil, call.requestID)
        } catch {
            return .problem(error.problem, requestID: call.requestID)
        }
    }
}

extension HTTPResponse {
    fileprivate static func identity(
        of token: VerifiedToken, rules: [String]?, _ requestID: RequestID
    ) -> HTTPResponse {
        let answer = WhoamiResponse(
            issuer: token.issuer, claims: token.claims.members, unknownClaims: token.claims.unknown.sorted(),
            rules: rules, requestID: requestID.description)
        return HTTPResponse(
            status: 200,
            headers: [
                (name: "Content-Type", value: "application/json"), (name: "Cache-Control", value: "no-store"),
                (name: "X-Request-Id", value: requestID.description),
            ],
            body: .bytes(answer.bytes))
    }
}
