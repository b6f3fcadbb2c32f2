import ExchangeCore
import Foundation
import Logging
import MicroHTTPD
import OutboundHTTP
import Secrets
import StrictJSON
import TestSupport
import Threading

@testable import Gateway
@testable import OutboundHTTP

/// Everything of the gateway behind its listeners, with an STS and an audit sink in this process: no socket, no file is written.
struct ProcessGateway {
    let parts: GatewayParts
    let issuer: TestIssuer
    let sink: CountingSink

    init() throws {
        let folder = FileManager.default.temporaryDirectory.appending(path: "micro-\(UUID().uuidString)")
        try FileManager.default.createDirectory(
            at: folder, withIntermediateDirectories: false, attributes: [.posixPermissions: 0o700])
        // What is left lies in the system's temporary folder.
        defer { try? FileManager.default.removeItem(at: folder) }
        let (issuer, sink) = (try TestIssuer.vela(), CountingSink())
        (self.issuer, self.sink) = (issuer, sink)
        try Self.write(issuer.keySet, to: folder.appending(path: "vela.json"))
        let policy = folder.appending(path: "policy.yaml")
        try Self.write(Array(Samples.policy.utf8), to: policy)
        let settings = Settings(
            flags: [("policy", policy.path), ("audit", "stdout"), ("replica", "replica-7")].map {
                (key: $0, value: $1)
            },
            environment: [:], file: [], fileName: "")
        var surroundings = GatewayParts.Surroundings()
        surroundings.now = { Samples.now }
        surroundings.openSink = { _ in sink }
        var head = AnswerHead()
        try head.take(Array("HTTP/1.1 200 OK".utf8).span)
        let answer = OutboundResponse(head: head, body: Secret(Samples.answer))
        surroundings.sts = { _ in answer }
        parts = try GatewayParts(
            try GatewayConfiguration(settings, hostName: "host"), logger: Logger(label: "micro"),
            surroundings: surroundings)
    }

    private static func write(_ bytes: [UInt8], to file: URL) throws {
        try Data(bytes).write(to: file)
        try FileManager.default.setAttributes([.posixPermissions: 0o600], ofItemAtPath: file.path)
    }

    /// As the server hands it to the routes.
    func request(_ token: Secret) -> HTTPRequest {
        var authorization = SecretBuilder(capacity: token.count + 7)
        authorization.append(Array("Bearer ".utf8).span)
        token.withBytes { authorization.append($0) }
        let headers: [(name: String, value: String)] = [
            (name: "Host", value: "gateway"), (name: "Content-Type", value: "application/json"),
        ]
        return HTTPRequest(
            head: HTTPRequestHead(
                method: .post, path: "/v1/credentials", headers: HTTPHeaders(headers), peer: .loopback),
            authorization: authorization.finish(), body: Secret(#"{"role":"\#(Samples.role)"}"#),
            deadline: .now + .seconds(600))
    }

    /// Ends its threads.
    func end() { parts.auditLog.close() }
}

/// An audit sink that keeps nothing but the number of bytes.
final class CountingSink: AuditSink {
    private let state = Lock((isOpen: false, bytes: 0))
    let durability = AuditDurability.flushed
    let name = "counting"

    var bytes: Int { state.withLock { $0.bytes } }

    func prepare() -> AuditTail? {
        state.withLock { state in
            defer { state.isOpen = true }
            return state.isOpen ? nil : AuditTail()
        }
    }

    func append(_ lines: [UInt8]) {
        state.withLock { $0.bytes += lines.count }
    }
}
