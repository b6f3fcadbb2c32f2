import ExchangeAPI
import Foundation
import Secrets
import StrictJSON

@testable import ClientCLI

/// A run of the program in this process: a folder in place of `/vela`, and what was said and waited.
final class Fixture {
    static let role = "arn:aws:iam::123456123456:role/test"
    static let secretKey = "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY"
    static let sessionToken = "IQoJb3JpZ2luX2VjE/+=sessiontokensessiontoken=="
    static let requestToken = "request.token.very-secret"

    let root: String
    var variables: [String: String]
    var arguments: [String] = []
    private let server: StandIn?
    private(set) var output = ""
    private(set) var errors = ""
    private(set) var pauses: [Duration] = []
    /// What happens elsewhere while the program waits.
    var whilePausing: () -> Void = {}

    /// Variables as Vela would set them, with both servers at `server`.
    init(_ server: StandIn? = nil) {
        self.server = server
        root = FileManager.default.temporaryDirectory.appending(path: "client-\(UUID().uuidString)").path
        variables = [
            "VELA_ID_TOKEN_REQUEST_URL": "\(server?.url ?? "http://127.0.0.1:1")/api/v1/repos/o/r/builds/1/id_token",
            "VELA_ID_TOKEN_REQUEST_TOKEN": Self.requestToken,
            "PARAMETER_ROLE": Self.role,
            "PARAMETER_GATEWAY_URL": server?.url ?? "http://127.0.0.1:1",
        ]
    }

    deinit { try? FileManager.default.removeItem(atPath: root) }

    var environment: ClientEnvironment {
        ClientEnvironment(
            arguments: arguments, variables: variables, root: root,
            writeOutput: { [self] in
                output += $0.withBytes { bytes in String(decoding: bytes.indices.map { bytes[$0] }, as: UTF8.self) }
                return true
            },
            writeError: { [self] in errors += $0 },
            clock: { Timestamp(seconds: 1_767_225_600) },
            pause: { [self] in
                pauses.append($0)
                whilePausing()
            })
    }

    func run() -> Int32 { ClientProgram(environment).run() }

    /// Writes a parameter's file.
    func write(_ folder: String, _ name: String, _ content: String) throws {
        let path = "\(root)/\(folder)/aws-credentials"
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
        try content.write(toFile: "\(path)/\(name)", atomically: false, encoding: .utf8)
    }

    func read(_ path: String) throws -> String { try String(contentsOfFile: "\(root)/\(path)", encoding: .utf8) }

    /// Vela's answer: the n-th token.
    static func tokenAnswer(_ count: Int) -> String { StandIn.answer(200, "{\"token\":\"id.token.\(count)\"}") }

    /// Vela's answer with a token that says how long it lives.
    static func tokenAnswer(life: Int64) -> String {
        let claims = Base64URL.encode(Array("{\"iat\":1000,\"exp\":\(1000 + life)}".utf8))
        return StandIn.answer(200, "{\"token\":\"e30.\(claims).c2ln\"}")
    }

    /// The gateway's answer, with fields replaced.
    static func credentials(_ changes: [String: String] = [:], observedRules: [String] = []) -> String {
        var fields = [
            "access_key_id": "ASIAIOSFODNN7EXAMPLE", "secret_access_key": secretKey, "session_token": sessionToken,
            "expiration": "2026-01-02T03:04:05Z", "region": "us-east-1", "role": role,
            "assumed_role_arn": "arn:aws:sts::123456123456:assumed-role/test/vela", "assumed_role_id": "AROA123:vela",
            "session_name": "vela", "rule": "octo-repo", "request_id": "req-1",
        ]
        fields.merge(changes) { $1 }
        let strings = fields.map { JSONObject.Member($0.key, .string($0.value)) }
        let rules = JSONValue.array(observedRules.map { .string($0) })
        let others = [JSONObject.Member("duration_seconds", .number(JSONNumber(3600))), .init("observed_rules", rules)]
        let object = JSONObject(strings + others)
        return StandIn.answer(200, String(decoding: JSONValue.object(object).bytes, as: UTF8.self))
    }

    /// An answer as the client reads it, changed.
    static func response(_ changes: (inout CredentialsResponse) -> Void = { _ in }) -> CredentialsResponse {
        var response = CredentialsResponse(
            accessKeyID: "ASIAIOSFODNN7EXAMPLE", secretAccessKey: Secret(secretKey),
            sessionToken: Secret(sessionToken), expiration: "2026-01-02T03:04:05.6Z", region: "us-west-2",
            role: role, assumedRoleARN: "a", assumedRoleID: "b", sessionName: "vela", durationSeconds: 3600,
            packedPolicySize: nil, rule: "r", requestID: "req-1")
        changes(&response)
        return response
    }

    static func problem(_ status: Int, _ code: String, _ detail: String, retryable: Bool = false, headers: String = "")
        -> String
    {
        let object = JSONObject([
            .init("code", .string(code)), .init("title", .string("T")),
            .init("status", .number(JSONNumber(Int64(status)))),
            .init("detail", .string(detail)), .init("retryable", .bool(retryable)),
            .init("request_id", .string("req-9")),
        ])
        return StandIn.answer(
            status, String(decoding: JSONValue.object(object).bytes, as: UTF8.self), type: "application/problem+json",
            headers: headers)
    }

    /// A server whose Vela answers tokens, and whose gateway answers by `gateway`.
    static func server(_ gateway: @escaping (Int) -> String = { _ in Fixture.credentials() }) -> StandIn {
        StandIn { request, earlier in
            request.line.contains("/id_token") ? tokenAnswer(earlier) : gateway(earlier)
        }
    }
}
