import ExchangeCore
import MicroHTTPD
import Secrets
import StrictJSON
import TestSupport

@testable import Gateway

/// The line of an exchange that was allowed, linked to the one before: everything but the write.
struct AuditLineWriting: Subject {
    let name = "audit-line"
    let operations = 1_000
    private let record: AuditRecord
    private let credentials: Credentials

    init() async throws {
        let gateway = try ProcessGateway()
        let token = try await gateway.parts.verifier.verify(try Samples.tokens(1, of: gateway.issuer)[0])
        guard let role = RoleARN(parsing: Samples.role) else { throw Surprise(what: "no role") }
        let request = ExchangeRequest(role: role)
        let policy = gateway.parts.policies.current
        var record = AuditRecord(call: gateway.parts.exchange.call(gateway.request(Secret(""))), front: .credentials)
        (record.token, record.request, record.policyDigest) = (token, request, policy.digest)
        record.grant = try policy.decide(token, asking: request, at: Samples.now)
        record.stages = .init(verify: .microseconds(31), decide: .microseconds(12), issue: .microseconds(20_345))
        self.record = record
        credentials = Credentials(
            accessKeyID: "ASIAIOSFODNN7EXAMPLE", secretAccessKey: Secret("k"), sessionToken: Secret("t"),
            expiration: Samples.now + .seconds(3600),
            assumedRoleARN: "arn:aws:sts::123456123456:assumed-role/test/\(Samples.session)",
            assumedRoleID: "AROACLKWSDQRAOEXAMPLE:\(Samples.session)", packedPolicySize: 6,
            stsRequestID: "ad4156e9-bce1-11e2-82e6-6b6efEXAMPLE")
        gateway.end()
    }

    func run() throws {
        let origin = AuditOrigin(replica: "replica-7", bootID: nil, now: { Samples.now })
        var chain = AuditChain(origin: origin, durability: .flushed)
        chain.open(at: AuditTail())
        for _ in 0..<operations {
            let batch = chain.link([record.encoded(.allowed(credentials), decidedAt: Samples.now)])
            chain.settle(batch, taken: batch.bytes.count, isDurable: true)
        }
        // The first line opens the log.
        guard chain.head?.sequence == operations + 1 else { throw Surprise(what: "\(chain.head?.sequence ?? 0) lines") }
    }
}
