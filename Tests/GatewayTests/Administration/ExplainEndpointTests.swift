import Foundation
import StrictJSON
import TestSupport
import Testing

@testable import Gateway

/// `/explain`: the engine's own words, by JSON and by form, and never for a token.
struct ExplainEndpointTests {
    @Test func `JSON is answered with the decision and every rule`() async throws {
        try await RunningGateway.run { gateway in
            let yes = try await gateway.administration(try gateway.question()).json
            #expect(yes["outcome"] == "allowed" && yes["rule"] == "deploy" && yes["verified"] == false)
            #expect(yes["duration_seconds"] == 900 && yes["region"] == "us-west-2")
            let other = VelaClaims(at: gateway.clock.now, repo: "octo-org/other")
            let no = try await gateway.administration(try gateway.question(other)).json
            #expect(no["outcome"] == "refused" && no["code"] == "policy_denied")
            let finding = try #require(no["rules"]?.array?.first?.object)
            #expect(finding["finding"] == "condition_failed" && finding["claim"] == "repo")
            #expect(finding["saw"] == "\"octo-org/other\"")
            let records = try gateway.audit
            #expect(gateway.sts.requests.isEmpty && records.isEmpty, "it asks nobody and records nothing")
        }
    }

    @Test func `a form is answered with a page that holds what was typed`() async throws {
        try await RunningGateway.run { gateway in
            let claims = JSONValue.object(VelaClaims(at: gateway.clock.now, repo: "octo-org/<b>&\"'").members).bytes
            let text = String(decoding: claims, as: UTF8.self)
            let page = try await gateway.ask(["claims": text, "role": " \(GatewayPlan.role)\n", "duration_seconds": ""])
            #expect(page.status == 200 && page.body.contains("<title>Refused - vela-aws-gateway</title>"))
            #expect(page.body.contains("policy_denied") && page.body.contains("is not for this token"))
            #expect(page.body.contains("octo-org/&lt;b&gt;&amp;\\&quot;&#39;") && !page.body.contains("<b>"))
            #expect(page.body.contains("value=\" \(GatewayPlan.role)\n\""))
        }
    }

    @Test func `a form can say all that a request can`() async throws {
        let rule = """
                session_policy: { named: [read] }
            session_policies:
              read: { Version: "2012-10-17", Statement: { Effect: Allow, Action: "s3:GetObject", Resource: "*" } }
            """
        try await RunningGateway.run(GatewayPlan(rule: rule)) { gateway in
            let claims = JSONValue.object(VelaClaims(at: gateway.clock.now).members).bytes
            let page = try await gateway.ask([
                "claims": String(decoding: claims, as: UTF8.self), "issuer": "vela", "role": GatewayPlan.role,
                "region": "eu-central-1", "duration_seconds": "1800", "session_name": "me-7", "session_policy": "read",
                "inline_session_policy": "", "managed_session_policies": "",
            ])
            #expect(page.status == 200 && page.body.contains("<title>Allowed"))
            for part in [
                "<code>eu-central-1</code>", "30 min", "<code>me-7</code>", "s3:GetObject", "gives the credentials",
            ] {
                #expect(page.body.contains(part), "no \(part)")
            }
        }
    }

    @Test func `of many rules the one that decides is shown first`() async throws {
        let others = (1...300).map { number in
            "  - { name: other-\(number), issuer: vela, condition: { StringEquals: { repo: other/\(number) } }, "
                + "roles: [\"\(GatewayPlan.role)\"] }"
        }
        let last =
            "  - { name: last, issuer: vela, condition: { StringEquals: { repo: octo-org/last } }, roles: [\"\(GatewayPlan.role)\"] }"
        try await RunningGateway.run(GatewayPlan(rule: (others + [last]).joined(separator: "\n"))) { gateway in
            let claims = JSONValue.object(VelaClaims(at: gateway.clock.now, repo: "octo-org/last").members).bytes
            let page = try await gateway.ask([
                "claims": String(decoding: claims, as: UTF8.self), "role": GatewayPlan.role,
            ])
            let shown = page.body.components(separatedBy: "<li><p>").dropFirst()
            #expect(shown.first?.contains("<code>last</code> gives the credentials") == true)
            #expect(shown.count == 200 && page.body.contains("102 more rules are not shown"))
            let status = try await gateway.administration(ProbeRequest("GET", "/"))
            #expect(status.body.contains("102 more rules are not shown here"))
        }
    }

    @Test(arguments: [
        (["claims": "{", "role": GatewayPlan.role], "not valid JSON"),
        (["claims": "[]", "role": GatewayPlan.role], "must be a JSON object"),
        (["claims": "{}", "role": "deploy"], "must be the ARN of a role"),
        (["claims": "{}", "role": GatewayPlan.role], "refused before any rule is asked: token_"),
        (["claims": "{}", "role": GatewayPlan.role, "duration_seconds": "1h"], "must be a number of seconds"),
        (["claims": "{}", "role": GatewayPlan.role, "issuer": "other"], "has no issuer other"),
        (
            ["claims": "{}", "role": GatewayPlan.role, "session_policy": "a", "inline_session_policy": "{}"],
            "exclude each other"
        ),
        (["claims": "{}", "role": GatewayPlan.role, "nonsense": "1"], "no field &#39;nonsense&#39;"),
    ])
    func `a question that cannot be read says why`(_ fields: [String: String], _ words: String) async throws {
        try await RunningGateway.run { gateway in
            let page = try await gateway.ask(fields)
            #expect(page.status == 400 && page.body.contains("role=\"alert\"") && page.body.contains(words))
        }
    }

    @Test(arguments: [
        ("{", "not valid JSON"), ("[]", "write {"), (#"{"claims": {}}"#, "write {"),
        (#"{"claims": {}, "request": {"role": "x"}}"#, "must be the ARN of a role"),
        (#"{"claims": {}, "request": {}}"#, "'role' is required"),
        (#"{"claims": {}, "request": {"role": "arn:aws:iam::123456123456:role/a"}, "token": "x"}"#, "write {"),
    ])
    func `so does JSON`(_ body: String, _ words: String) async throws {
        try await RunningGateway.run { gateway in
            var request = try gateway.question()
            request.body = body
            let answer = try await gateway.administration(request)
            #expect(answer.status == 400 && answer.code == "invalid_request")
            #expect(try answer.json["detail"]?.string?.contains(words) == true, "\(answer.body)")
        }
    }

    @Test(arguments: ["claims", "role", "session_name", "inline_session_policy"])
    func `a token is refused in any field, and neither shown nor logged`(_ field: String) async throws {
        try await RunningGateway.run { gateway in
            let token = try gateway.token()
            var fields = ["claims": "{\"sub\": \"kept-out\"}", "role": GatewayPlan.role]
            fields[field] = "Bearer \(token)"
            let page = try await gateway.ask(fields)
            #expect(page.status == 400 && page.body.contains("this looks like a token"))
            for part in token.split(separator: ".") {
                #expect(!page.body.contains(part))
                #expect(!gateway.log.lines.contains { $0.contains(part) })
            }
            #expect(!page.body.contains("kept-out"), "nothing of such a form is shown again")
            var request = try gateway.question()
            request.body = #"{"claims": {"x": "\#(token)"}, "request": {"role": "\#(GatewayPlan.role)"}}"#
            let answer = try await gateway.administration(request)
            #expect(answer.status == 400 && answer.body.contains("this looks like a token"))
            #expect(!answer.body.contains(token.prefix(20)))
        }
    }
}

extension RunningGateway {
    /// Sends the form as a browser does.
    fileprivate func ask(_ fields: [String: String]) async throws -> ProbeAnswer {
        let plain = CharacterSet.alphanumerics.intersection(CharacterSet(charactersIn: "\u{0}"..."\u{7F}"))
        func encoded(_ text: String) -> String { text.addingPercentEncoding(withAllowedCharacters: plain) ?? "" }
        var request = ProbeRequest("POST", "/explain")
        request.headers = [(name: "Content-Type", value: "application/x-www-form-urlencoded")]
        request.body = fields.map { "\(encoded($0.key))=\(encoded($0.value))" }.joined(separator: "&")
        return try await administration(request)
    }
}
