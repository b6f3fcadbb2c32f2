import Foundation
import StrictJSON
import Testing

extension EndToEnd {
    /// Who decides: the gateway alone where AWS trusts its issuer, and whoever holds a Vela token where AWS trusts Vela.
    @Suite struct `issuer mode` {
        private static let gateway = #""audience": ["vela-aws-gateway"]"#

        @Test func `the exchange works through the gateway, and the step's own token opens nothing at AWS`()
            async throws
        {
            try await withScene { scene in
                let issuer = try await scene.ownIssuer(trust: "published")
                let gateway = try await scene.gateway(
                    issuer.stack, policy: Policy.minting(issuer.stack.issuer), settings: issuer.settings)
                let own = try await issuer.stack.token(Self.gateway)
                let answer = try await gateway.exchange(own)
                #expect(answer.status == 200, "\(answer.text) \(gateway.child.errors.suffix(1000))")
                let shown = try #require(try await issuer.shownClaims().last)
                #expect(shown["iss"]?.string == issuer.url && shown["aud"]?.string == "sts.amazonaws.com")
                #expect(shown["sub"]?.string?.hasPrefix("repo:octo-org/octo-repo:") == true)
                let tags = shown["https://aws.amazon.com/tags"]?.object
                let values = tags?["principal_tags"]?.object?.members.map { ($0.name, $0.value.array?.map(\.string)) }
                #expect(values?.map(\.0) == ["Repo", "Event"])
                #expect(values?.map(\.1) == [["octo-org/octo-repo"], ["push"]])
                #expect(tags?["transitive_tag_keys"]?.array?.map(\.string) == ["Event"])
                let record = try #require(try gateway.auditLines().last { $0["outcome"]?.string == "allowed" })
                #expect(record["minted_jti"] == shown["jti"] && record["federation"]?.string == "issuer")
                #expect(record["source_identity"] == shown["https://aws.amazon.com/source_identity"])

                // What a step has in hand: its token for the gateway, and one that it asks Vela for itself, for AWS.
                for token in [own, try await issuer.stack.token()] {
                    let direct = try await issuer.assumeRole(token)
                    #expect(
                        direct.status == 400 && direct.text.contains("No OpenIDConnect provider found"),
                        "\(direct.text)")
                }
                // Nor does the gateway take the one for AWS.
                let refused = try await gateway.exchange(try await issuer.stack.token())
                #expect(refused.status == 401 && refused.code == "token_audience", "\(refused.text)")
                #expect(refused.text.contains("'audience' to vela-aws-gateway"))
            }
        }

        /// This is what forward mode does not close. The test is here so that nobody believes otherwise.
        @Test func `in forward mode a step goes past the gateway with the very token that it has`() async throws {
            try await withScene { scene in
                let issuer = try await scene.ownIssuer(trust: "vela")
                // A policy that gives octo-org/octo-repo the role, and nobody else.
                let gateway = try await scene.gateway(issuer.stack)
                let outsider = try await issuer.stack.token(#""repo": "other-repo""#)
                #expect(try await gateway.exchange(outsider).code == "policy_denied")
                let direct = try await issuer.assumeRole(outsider)
                #expect(direct.status == 200 && direct.text.contains("<AccessKeyId>"), "\(direct.text)")
                #expect(try gateway.allowedKeys().isEmpty, "and the audit has not seen it")
            }
        }

        @Test func `rules of both modes live side by side while roles move, each with its own audience`() async throws {
            try await withScene { scene in
                let issuer = try await scene.ownIssuer(trust: "both")
                let old = "arn:aws:iam::123456123456:role/old"
                let gateway = try await scene.gateway(
                    issuer.stack, policy: Policy.minting(issuer.stack.issuer, forwarding: old),
                    settings: issuer.settings)
                let (forGateway, forAWS) = (try await issuer.stack.token(Self.gateway), try await issuer.stack.token())
                let oldRole = #"{"role": "\#(old)"}"#
                #expect(try await gateway.exchange(forGateway).status == 200)
                #expect(try await gateway.exchange(forAWS, oldRole).status == 200)
                let crossed = [
                    try await gateway.exchange(forAWS), try await gateway.exchange(forGateway, oldRole),
                ]
                #expect(crossed.map(\.code) == ["token_audience", "token_audience"])
                let issuers = try await issuer.shownClaims().compactMap { $0["iss"]?.string }
                #expect(issuers == [issuer.url, issuer.stack.issuer])
            }
        }

        @Test func `a rotation under load costs no exchange`() async throws {
            try await withScene { scene in
                let issuer = try await scene.ownIssuer(trust: "published")
                let settings = issuer.settings.merging(["GATEWAY_ISSUER_PUBLISH_AHEAD": "0s"]) { $1 }
                let gateway = try await scene.gateway(
                    issuer.stack, policy: Policy.minting(issuer.stack.issuer), settings: settings)
                func signingKeys() throws -> [String] {
                    try gateway.auditLines().compactMap { $0["minted_key_id"]?.string }
                }
                let exchange: @Sendable () async throws -> Void = {
                    let answer = try await gateway.exchange(try await issuer.stack.token(Self.gateway))
                    #expect(answer.status == 200, "\(answer.text)")
                }
                try await exchange()
                let first = try #require(try signingKeys().first)
                try await withThrowingTaskGroup(of: Void.self) { group in
                    for _ in 0..<4 {
                        group.addTask { while !Task.isCancelled { try await exchange() } }
                    }
                    try await scene.rotate(issuer)
                    while try signingKeys().last == first { try await Task.sleep(for: .milliseconds(20)) }
                    for _ in 0..<20 { try await exchange() }
                    group.cancelAll()
                }
                #expect(Set(try signingKeys()).count == 2)
                #expect(try gateway.auditLines().allSatisfy { $0["outcome"]?.string != "refused" })
            }
        }

        @Test func `what was published by another key, or by nobody, is not taken`() async throws {
            try await withScene { scene in
                let issuer = try await scene.ownIssuer(trust: "published")
                let gateway = try await scene.gateway(
                    issuer.stack, policy: Policy.minting(issuer.stack.issuer), settings: issuer.settings)
                // AWS reads the key set of another issuer from now on; the gateway still signs with its own key.
                let keySet = issuer.published.appending(path: ".well-known/jwks.json")
                var document = try #require(try JSONValue(parsing: Array(try Data(contentsOf: keySet))).object)
                var key = try #require(document["keys"]?.array?.first?.object)
                (key["x"], key["y"]) = (key["y"], key["x"])
                document["keys"] = .array([.object(key)])
                try Data(JSONValue.object(document).bytes).write(to: keySet, options: .atomic)
                let answer = try await gateway.exchange(try await issuer.stack.token(Self.gateway))
                #expect(answer.code == "sts_rejected" && answer.text.contains("signature"), "\(answer.text)")
            }
        }
    }
}
