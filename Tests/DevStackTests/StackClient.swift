import DevStack
import Foundation
import FoundationNetworking
import StrictJSON

/// Asks a stack over real sockets.
struct StackClient: Sendable {
    let stack: DevStack

    /// An answer as it came.
    struct Answer: Sendable {
        let status: Int
        let headers: [String: String]
        let body: [UInt8]

        var text: String { String(decoding: body, as: UTF8.self) }
        var json: JSONValue { get throws { try JSONValue(parsing: body) } }
        var error: String? { get throws { try json.object?["error"]?.string } }

        /// The text of the first XML element called `name`; nil when there is none.
        func element(_ name: String) -> String? {
            guard let start = text.range(of: "<\(name)>"), let end = text.range(of: "</\(name)>") else { return nil }
            return String(text[start.upperBound..<end.lowerBound])
        }
    }

    /// Sends a GET, or a POST when there is a body.
    func send(
        _ url: String, body: String? = nil, headers: [String: String] = [:], method: String? = nil
    ) async throws -> Answer {
        guard let address = URL(string: url) else { throw URLError(.badURL) }
        var request = URLRequest(url: address, cachePolicy: .reloadIgnoringLocalCacheData)
        request.httpMethod = method ?? (body == nil ? "GET" : "POST")
        request.httpBody = body.map { Data($0.utf8) }
        for (name, value) in headers { request.setValue(value, forHTTPHeaderField: name) }
        let (data, response) = try await URLSession(configuration: .ephemeral).data(for: request)
        guard let response = response as? HTTPURLResponse else { throw URLError(.badServerResponse) }
        let fields = response.allHeaderFields.compactMap { name, value in
            (name as? String).map { ($0.lowercased(), "\(value)") }
        }
        return Answer(
            status: response.statusCode, headers: Dictionary(fields) { first, _ in first }, body: Array(data))
    }

    /// Posts to an address under `/_dev/`, and takes nothing but 200.
    @discardableResult
    func direct(_ path: String, _ body: String = "{}") async throws -> JSONObject {
        let answer = try await send(stack.issuer.velaURL + path, body: body)
        guard answer.status == 200, let object = try answer.json.object else {
            throw UnexpectedAnswer(text: answer.text)
        }
        return object
    }

    /// Makes a build known; its request URL and token.
    func register(_ build: String) async throws -> Step {
        let answer = try await direct("/_dev/builds", build)
        guard let url = answer["request_url"]?.string, let token = answer["request_token"]?.string else {
            throw UnexpectedAnswer(text: "no request_url or request_token")
        }
        return Step(url: url, token: token)
    }

    /// What a step knows.
    struct Step: Sendable {
        let url: String
        let token: String
    }

    /// Asks for an ID token as a step does.
    func idToken(_ step: Step, query: String = "?audience=sts.amazonaws.com") async throws -> Answer {
        try await send(step.url + query, headers: ["Authorization": "Bearer \(step.token)"])
    }

    /// Calls STS with a form; nil leaves a parameter out.
    func sts(_ changes: [String: String?] = [:], token: String? = nil) async throws -> Answer {
        var parameters: [String: String] = [
            "Action": "AssumeRoleWithWebIdentity", "Version": "2011-06-15",
            "RoleArn": "arn:aws:iam::123456123456:role/ci/test", "RoleSessionName": "vela",
        ]
        parameters["WebIdentityToken"] =
            try token ?? stack.issuer.idToken(for: Build(), audience: ["sts.amazonaws.com"])
        for (name, value) in changes { parameters[name] = value }
        let body = parameters.map { "\($0.key)=\(Self.encoded($0.value))" }.joined(separator: "&")
        return try await send(
            stack.stsURL + "/", body: body, headers: ["Content-Type": "application/x-www-form-urlencoded"])
    }

    private static func encoded(_ text: String) -> String {
        text.utf8.map { byte in
            let scalar = Unicode.Scalar(byte)
            return scalar.properties.isAlphabetic && byte < 0x80 ? String(scalar) : String(format: "%%%02X", byte)
        }.joined()
    }
}

/// An answer that a test cannot go on with.
struct UnexpectedAnswer: Error {
    let text: String
}

/// One key for all tests: generating one takes longer than any of them.
private let sharedKey = Result { try SigningKey() }

/// Starts a stack, runs `body` on it, and stops it.
func withStack(
    _ configuration: DevStackConfiguration = DevStackConfiguration(),
    _ body: (StackClient) async throws -> Void
) async throws {
    var configuration = configuration
    configuration.signingKey = try sharedKey.get()
    let stack = try await DevStack(configuration)
    do {
        try await body(StackClient(stack: stack))
    } catch {
        await stack.stop()
        throw error
    }
    await stack.stop()
}
