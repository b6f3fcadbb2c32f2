import ExchangeAPI
import StrictJSON
import TestSupport
import Testing

@testable import Gateway

/// The tokens of the vectors through the front door.
struct HostileTokenTests {
    private static let issuers =
        GatewayPlan.velaIssuer + """
              - name: generic
                url: https://idp.example.com
                audiences: [sts.amazonaws.com]
                claims: generic
                algorithms: [RS256, RS384, RS512, ES256, ES384]
                keys_file: generic.json

            """

    @Test func `no refused token gets more than its refusal`() async throws {
        let keySets = [
            "vela.json": try Vectors.bytes("keysets", "vela.json"),
            "generic.json": try Vectors.bytes("keysets", "generic.json"),
        ]
        let sent = try TokenVector.all().filter(Self.canBeSent)
        #expect(sent.count { $0.expected != "ok" } >= 200 && sent.count { $0.expected == "ok" } >= 15)
        try await RunningGateway.run(GatewayPlan(issuers: Self.issuers, keySets: keySets)) { gateway in
            for vector in sent {
                let before = gateway.sts.requests.count
                var request = ProbeRequest()
                request.authorization = Array("Bearer ".utf8) + vector.token
                let answer = try await gateway.send(request)
                guard vector.expected != "ok" else {
                    #expect(answer.status == 200 || answer.code == "policy_denied", "\(vector): \(answer.body)")
                    continue
                }
                let status = try #require(ProblemCode(rawValue: vector.expected)).page.status
                #expect(answer.status == status && answer.code == vector.expected, "\(vector): \(answer.body)")
                #expect(gateway.sts.requests.count == before, "\(vector)")
                #expect(!answer.body.contains("CANARY"))
            }
        }
    }

    /// Whether a header can hold it, and it needs no other issuers than these.
    private static func canBeSent(_ vector: TokenVector) -> Bool {
        vector.velaKeys == "vela" && vector.genericKeys == "generic" && !vector.absentPullForkIsFalse
            && vector.now == ManualClock().now && !vector.token.isEmpty
            && vector.token.allSatisfy { (0x21...0x7E).contains($0) }
    }
}
