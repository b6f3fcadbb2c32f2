import ExchangeAPI
import StrictJSON
import TestSupport
import Testing

@testable import Gateway

/// The tokens of the vectors through every front.
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

    @Test func `no refused token gets more than its refusal, and every front says the same`() async throws {
        let keySets = [
            "vela.json": try Vectors.bytes("keysets", "vela.json"),
            "generic.json": try Vectors.bytes("keysets", "generic.json"),
        ]
        let sent = try TokenVector.all().filter(Self.canBeSent)
        #expect(sent.count { $0.expected != "ok" } >= 200 && sent.count { $0.expected == "ok" } >= 15)
        let plan = GatewayPlan(
            rule: "    session_name: \"vela\"", issuers: Self.issuers, keySets: keySets)
        try await RunningGateway.run(plan) { gateway in
            for vector in sent {
                let before = gateway.sts.requests.count
                let decisions = try await Self.decisions(on: vector.token, of: gateway)
                #expect(Set(decisions).count == 1, "\(vector): \(decisions)")
                guard vector.expected != "ok" else {
                    #expect(decisions[0] == "ok" || decisions[0] == "policy_denied", "\(vector): \(decisions)")
                    continue
                }
                #expect(decisions[0] == vector.expected, "\(vector): \(decisions)")
                var whoami = ProbeRequest.whoami(nil)
                whoami.authorization = Array("Bearer ".utf8) + vector.token
                #expect(try await gateway.send(whoami).code == vector.expected, "\(vector)")
                #expect(gateway.sts.requests.count == before, "\(vector)")
            }
        }
    }

    /// What a header cannot hold, a form can.
    @Test func `a token of other bytes is refused in a form as well`() async throws {
        let others = try TokenVector.all().filter { !$0.token.allSatisfy { (0x21...0x7E).contains($0) } }
        #expect(!others.isEmpty)
        try await RunningGateway.run { gateway in
            for vector in others where vector.expected != "ok" {
                let answer = try await gateway.send(.sts(vector.token.percentEncoded))
                #expect(answer.stsReason == vector.expected, "\(vector): \(answer.body)")
            }
            #expect(gateway.sts.requests.isEmpty)
        }
    }

    /// What each front decides on `token`: the code of its refusal, or `ok`. Each status is that front's for the code.
    private static func decisions(on token: [UInt8], of gateway: RunningGateway) async throws -> [String] {
        var request = ProbeRequest()
        request.authorization = Array("Bearer ".utf8) + token
        let credentials = try await gateway.send(request)
        let sts = try await gateway.send(.sts(token.percentEncoded))
        var raw = ProbeRequest.container(nil)
        raw.authorization = token
        let container = try await gateway.send(raw)
        for answer in [credentials, container] {
            guard let code = answer.code.flatMap(ProblemCode.init(rawValue:)) else { continue }
            #expect(answer.status == code.page.status && !answer.body.contains("CANARY"))
        }
        #expect(sts.status == 200 || [400, 403].contains(sts.status) && !sts.body.contains("CANARY"))
        return [
            credentials.status == 200 ? "ok" : credentials.code ?? "none", sts.stsReason ?? "none",
            container.status == 200 ? "ok" : container.code ?? "none",
        ]
    }

    /// Whether a header can hold it, and it needs no other issuers than these.
    private static func canBeSent(_ vector: TokenVector) -> Bool {
        vector.velaKeys == "vela" && vector.genericKeys == "generic" && !vector.absentPullForkIsFalse
            && vector.now == ManualClock().now && !vector.token.isEmpty
            && vector.token.allSatisfy { (0x21...0x7E).contains($0) }
    }
}

extension ProbeAnswer {
    /// The gateway's own code in an answer of the STS front, or `ok`; nil for anything else.
    fileprivate var stsReason: String? {
        if status == 200 { return "ok" }
        guard stsCode != nil, let start = body.firstRange(of: "[vela-aws-gateway: ")?.upperBound else { return nil }
        return String(body[start...].prefix { $0 != "," })
    }
}

extension [UInt8] {
    /// As a value of a form, all but letters, digits and dots encoded.
    fileprivate var percentEncoded: String {
        map { byte in
            let scalar = Unicode.Scalar(byte)
            guard !Character(scalar).isLetter && !Character(scalar).isNumber && scalar != "." || byte > 127 else {
                return String(scalar)
            }
            return "%" + (byte < 16 ? "0" : "") + String(byte, radix: 16)
        }.joined()
    }
}
