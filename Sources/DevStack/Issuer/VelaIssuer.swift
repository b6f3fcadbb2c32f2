import MicroHTTPD
package import StrictJSON
import Threading

/// A Vela server as far as ID tokens go: discovery, keys, and tokens for the steps of builds.
package final class VelaIssuer: Sendable {
    /// The keys.
    package let keys: KeyRing
    let builds = BuildRegistry()
    let faults = FaultPlan()
    let counts = Counters()
    let requestTokens = RequestTokens()
    private let base = Lock("http://127.0.0.1")

    /// An issuer with one key.
    package init(signingWith key: SigningKey) {
        keys = KeyRing(key)
    }

    /// The address of the Vela server, without a path. Set once its port is known.
    package var velaURL: String { base.withLock { $0 } }
    /// The `iss` of its tokens.
    package var issuerURL: String { velaURL + Self.servicePath }

    static let servicePath = "/_services/token"

    /// Says where the issuer is reached.
    func isReached(at url: String) {
        base.withLock { $0 = url }
    }

    /// An ID token for the step, as the API gives it, without any request. `header` replaces members of the header.
    package func idToken(
        for build: Build, audience: [String], header: JSONObject = JSONObject()
    ) throws(DevStackError) -> String {
        let claims = build.idTokenClaims(issuer: issuerURL, audience: audience, at: .now)
        return try keys.signing.token(claims: claims, header: header)
    }

    /// What Vela would set in the environment of the step.
    package func register(_ build: Build) -> StepEnvironment {
        let id = builds.add(build)
        return StepEnvironment(
            requestURL: "\(velaURL)/api/v1/repos/\(build.slug)/builds/\(build.number)/id_token",
            requestToken: requestTokens.token(for: build, id: id))
    }

    /// Answers a request to the Vela server.
    func answer(_ request: HTTPRequest) async -> HTTPResponse {
        guard request.method == .get else { return .velaError(405, "method not allowed") }
        switch request.path {
        case Self.servicePath + "/.well-known/openid-configuration":
            return await answer(request, "discovery") { .json(self.discovery) }
        case Self.servicePath + "/.well-known/jwks":
            return await answer(request, "jwks") { () throws(DevStackError) in .json(try self.keys.document()) }
        default:
            guard let address = IDTokenAddress(parsing: request.path) else { return .velaError(404, "not found") }
            return await answer(request, "id_token") { () throws(DevStackError) in
                try self.idTokenAnswer(to: request, at: address)
            }
        }
    }

    private var discovery: JSONValue {
        func texts(_ values: [String]) -> JSONValue { .array(values.map { .string($0) }) }
        return .object(
            JSONObject([
                .init("issuer", .string(issuerURL)),
                .init("jwks_uri", .string(issuerURL + "/.well-known/jwks")),
                .init("supported_claims", texts(["aud", "exp", "iat", "iss", "sub", "repo", "event", "image"])),
                .init("id_token_signing_alg_values_supported", texts(["RS256"])),
                .init("response_types_supported", texts(["id_token"])),
                .init("subject_types_supported", texts(["public"])),
            ]))
    }

    /// Counts, applies the fault that is due at `place`, and else gives the answer.
    private func answer(
        _ request: HTTPRequest, _ place: String, _ proper: () throws(DevStackError) -> HTTPResponse
    ) async -> HTTPResponse {
        counts.count(place)
        let fault = faults.next(at: place)
        if let delay = fault?.delay { try? await Task.sleep(for: delay) }  // Cancelled: answer at once.
        do {
            switch fault?.effect {
            case .answer(let response): return response
            case .error(_, let status, let message): return .velaError(status, message)
            case .truncate: return try proper().truncated()
            case .close:
                Disconnection.cut(request.peer)
                return .velaError(503, "closed")
            case nil, .untouched, .emptyField, .wrongAccount, .expired, .lifetime: return try proper()
            }
        } catch {
            return .velaError(500, "unable to mint token: \(error)")
        }
    }
}
