import Foundation
import StrictJSON
import TestSupport
import Testing

@testable import Gateway

/// What stands in a line.
struct AuditRecordTests {
    @Test func `a decision's line holds who, what, by which rule and what came of it`() async throws {
        try await RunningGateway.run { gateway in
            #expect(try await gateway.send(ProbeRequest(token: try gateway.token())).status == 200)
            #expect(try gateway.audit.count == 1)
            var record = try #require(try gateway.audit.first)
            for name in ["request_id", "token_sha256", "policy_digest", "previous"] {
                #expect([32, 64].contains(record[name]?.string?.utf8.count))
                record[name] = nil
            }
            for name in ["verify_us", "decide_us", "issue_us"] {
                #expect(try #require(record[name]?.integer) >= 0)
                record[name] = nil
            }
            #expect(
                record == [
                    "v": 1, "time": "2026-01-01T00:04:05.000Z", "front": "credentials", "source_address": "127.0.0.1",
                    "outcome": "allowed", "access_key_id": "ASIAIOSFODNN7EXAMPLE",
                    "assumed_role_id": "AROA123EXAMPLE123:vela",
                    "expires_at": "2026-01-01T01:04:05Z", "packed_policy_size": 6,
                    "sts_request_id": "ad4156e9-bce1-11e2-82e6-6b6efEXAMPLE", "issuer": "vela",
                    "sub": "repo:octo-org/octo-repo:ref:refs/heads/main:event:push", "repo": "octo-org/octo-repo",
                    "build_number": "17", "actor": "octocat", "event": "push", "ref": "refs/heads/main",
                    "sha": "5c6e3f0b6a3d1f1e8e9d2c7b4a59687766554433",
                    "image": "registry.example.com/vela-aws-credentials:1.0.0", "commands": "false",
                    "pull_fork": "false",
                    "jti": "0197f0a0-0000-7000-8000-000000000001", "role": .string(GatewayPlan.role),
                    "account": "123456123456",
                    "rule": "deploy", "region": "us-west-2", "session_name": "vela", "duration_seconds": 3600, "federation": "forward",
                    "replica": "replica-7", "sequence": 2,
                ])
        }
    }

    @Test func `a refusal's line holds code, cause and the policy that decided`() async throws {
        try await RunningGateway.run { gateway in
            let claims = VelaClaims(at: gateway.clock.now, repo: "octo-org/other")
            #expect(try await gateway.send(ProbeRequest(token: try gateway.token(claims))).status == 403)
            let record = try #require(try gateway.audit.first)
            #expect(
                record["outcome"] == "refused" && record["code"] == "policy_denied"
                    && record["repo"] == "octo-org/other")
            #expect(record["cause"]?.string?.contains("deploy") == true && record["policy_digest"] != nil)
            #expect(record["access_key_id"] == nil && record["session_name"] == nil)
        }
    }

    /// DEL is one byte in a token and six in a line.
    @Test func `a line stays under 16 KiB whatever a token holds`() async throws {
        try await RunningGateway.run { gateway in
            var claims = VelaClaims(at: gateway.clock.now)
            for name in ["sub", "actor", "ref", "sha", "image", "jti", "event", "branch"] {
                claims = claims.with(name, .string("\(name)\"" + String(repeating: "\u{7f}", count: 1_300)))
            }
            claims = claims.with("repo", .string("o/" + String(repeating: "\u{7f}", count: 1_300)))
            claims = claims.with("build_number", .string(String(repeating: "7", count: 600)))
            var request = ProbeRequest(token: try tokenWithBareDEL(claims, from: gateway.issuer))
            request.headers.append((name: "X-Request-Id", value: String(repeating: "\"", count: 500)))
            let answer = try await gateway.send(request)
            #expect(answer.status == 403, "\(answer.body)")
            let line = try gateway.folder.text("audit.log")
            #expect(line.utf8.count < 16_384 && line.utf8.count > 6_000)
            let record = try #require(try gateway.audit.first)
            #expect(
                record["sub_sha256"]?.string?.utf8.count == 64
                    && record["sub"]?.string?.hasPrefix("sub\"\u{7f}") == true)
        }
    }

    @Test func `a long value is cut between characters, its SHA-256 beside it`() throws {
        let moment = Timestamp(seconds: 0)
        var writer = AuditWriter(at: moment)
        writer.member("exact", String(repeating: "a", count: 512))
        writer.member("long", String(repeating: "a", count: 513))
        writer.member("wide", "a" + String(repeating: "é", count: 300))
        writer.member("list", ["short", String(repeating: "a", count: 513)])
        let record = try object(writer.finish())
        #expect(record["exact"]?.string?.utf8.count == 512 && record["exact_sha256"] == nil)
        #expect(record["long"]?.string?.utf8.count == 512)
        // echo -n of 513 letters a, sha256sum.
        #expect(record["long_sha256"] == "02425c0f5b0dabf3d2b9115f3f7723a02ad8bcfb1534a0d231614fd42b8188f6")
        #expect(record["wide"] == .string("a" + String(repeating: "é", count: 255)))
        #expect(record["list"]?.array?.count == 2 && record["list_sha256"] != nil)
    }

    @Test func `counts that could not be written are counted on`() throws {
        let tally = UnverifiedTally()
        tally.add("a")
        let counts = try #require(tally.drain())
        #expect(tally.drain() == nil)
        tally.add("a")
        tally.add("b")
        tally.add(counts)
        #expect(tally.drain() == UnverifiedCounts(byCode: ["a": 2, "b": 1]))
    }

    @Test func `logs few of many refusals`() {
        let tally = UnverifiedTally()
        // The second may change once while this runs, hardly twice.
        #expect((1...30).contains((0..<10_000).count { _ in tally.mayLog() }))
    }

    /// Our own writer escapes DEL; another issuer's need not.
    private func tokenWithBareDEL(_ claims: VelaClaims, from issuer: TestIssuer) throws -> String {
        let key = try #require(issuer.keys.first)
        let payload = String(decoding: JSONValue.object(claims.members).bytes, as: UTF8.self)
            .replacingOccurrences(of: "\\u007f", with: "\u{7f}")
        let header = JSONValue.object(["alg": "RS256", "kid": .string(key.keyID), "typ": "JWT"]).bytes
        let signed = Base64URL.encode(header) + "." + Base64URL.encode(Array(payload.utf8))
        return signed + "." + Base64URL.encode(try key.sign(Array(signed.utf8)))
    }

    private func object(_ body: AuditBody) throws -> JSONObject {
        try JSONValue(parsing: body.openObject + Array("}".utf8)).object ?? [:]
    }
}
