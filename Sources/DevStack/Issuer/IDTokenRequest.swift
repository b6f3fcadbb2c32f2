import MicroHTTPD
import StrictJSON

/// `/api/v1/repos/<org>/<repo>/builds/<n>/id_token`.
struct IDTokenAddress: Sendable, Equatable {
    /// `org/repo`.
    let repo: String
    let build: Int64

    /// Nil for any other path.
    init?(parsing path: String) {
        let parts = path.split(separator: "/", omittingEmptySubsequences: false)
        guard parts.count == 9, parts[0].isEmpty, parts[1] == "api", parts[2] == "v1", parts[3] == "repos",
            parts[6] == "builds", let build = Int64(parts[7]), parts[8] == "id_token"
        else { return nil }
        repo = "\(parts[4])/\(parts[5])"
        self.build = build
    }
}

/// Why no ID token is given.
struct IDTokenRefusal: Error, Sendable {
    let status: Int
    let message: String
}

extension VelaIssuer {
    /// The token for the step that asks, or Vela's error.
    func idTokenAnswer(to request: HTTPRequest, at address: IDTokenAddress) throws(DevStackError) -> HTTPResponse {
        let build: Build
        let audience: [String]
        do throws(IDTokenRefusal) {
            build = try self.build(at: address, request)
            audience = try self.audience(of: request)
        } catch {
            counts.count("id_token_refused")
            return .velaError(error.status, error.message)
        }
        let token = try idToken(for: build, audience: audience)
        return .json(.object(JSONObject([.init("token", .string(token))])))
    }

    /// The build whose step sent the request, checked in Vela's order: token, repository, build, fit of both, status.
    private func build(at address: IDTokenAddress, _ request: HTTPRequest) throws(IDTokenRefusal) -> Build {
        let content = try requestToken(of: request)
        guard builds.knows(repo: address.repo) else {
            throw IDTokenRefusal(status: 404, message: "unable to get repo \(address.repo): record not found")
        }
        guard let status = builds.status(repo: address.repo, build: address.build) else {
            throw IDTokenRefusal(
                status: 404, message: "unable to get build \(address.repo)/\(address.build): record not found")
        }
        guard content.repo == address.repo, content.build == address.build, let build = builds.step(content.id) else {
            throw IDTokenRefusal(status: 401, message: "request token does not belong to this build")
        }
        guard status == "running" else { throw IDTokenRefusal(status: 400, message: "invalid request") }
        return build
    }

    /// The audiences asked for; Vela takes the parameter several times.
    private func audience(of request: HTTPRequest) throws(IDTokenRefusal) -> [String] {
        let audience = FormParameters(parsing: Array((request.query ?? "").utf8))?.all("audience") ?? []
        guard !audience.isEmpty, !audience.contains("") else {
            throw IDTokenRefusal(status: 400, message: "no audience provided")
        }
        return audience
    }

    private func requestToken(of request: HTTPRequest) throws(IDTokenRefusal) -> RequestTokens.Content {
        guard let value = request.authorizationText, value.hasPrefix("Bearer ") else {
            throw IDTokenRefusal(status: 401, message: "no request token provided in Authorization header")
        }
        do {
            return try requestTokens.read(String(value.dropFirst("Bearer ".count)))
        } catch {
            throw IDTokenRefusal(status: 401, message: "invalid token: \(error.rawValue)")
        }
    }
}
