import Foundation
import StrictJSON
import TestSupport
import Testing

@testable import Gateway

/// The administrator's listener over real sockets.
struct AdministrationTests {
    @Test func `the page tells what the gateway does`() async throws {
        try await RunningGateway.run { gateway in
            _ = try await gateway.send(ProbeRequest(token: try gateway.token()))
            _ = try await gateway.send(ProbeRequest(token: "no token"))
            let page = try await gateway.administration(ProbeRequest("GET", "/"))
            #expect(page.status == 200 && page["Content-Type"] == "text/html; charset=utf-8")
            for expected in [
                "<title>Ready - vela-aws-gateway</title>", "<code>replica-7</code>", "<code>deploy</code>",
                "<dt>Credentials given</dt><dd>1</dd>", "<dt>Refused</dt><dd>1</dd>", "token_malformed",
                "<code>vela</code>", VelaClaims.issuer, "audit.log", "policy.yaml:", "for at most 1 h", "us-west-2",
                "the node&#39;s death", "action=\"/explain\"",
            ] {
                #expect(page.body.contains(expected), "no \(expected)")
            }
            #expect(!page.body.contains("Needs attention") && !page.body.contains("<script"))
        }
    }

    @Test func `nothing on a page may load or run, and no page elsewhere may frame it`() async throws {
        try await RunningGateway.run { gateway in
            for path in ["/", "/policy", "/explain", "/nowhere"] {
                let answer = try await gateway.administration(ProbeRequest("GET", path))
                let policy = try #require(answer["Content-Security-Policy"])
                #expect(
                    policy
                        == "default-src 'none'; style-src \(StyleSheet.source); form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
                )
                #expect(answer["X-Frame-Options"] == "DENY" && answer["X-Content-Type-Options"] == "nosniff")
                #expect(answer["Cache-Control"] == "no-store" && answer["Referrer-Policy"] == "same-origin")
                #expect(answer["Cross-Origin-Resource-Policy"] == "same-origin")
                #expect(!answer.head.contains { $0.lowercased().hasPrefix("access-control") })
            }
        }
    }

    @Test(arguments: ["GET", "POST"])
    func `another name gets 421, whatever it asks`(_ method: String) async throws {
        try await RunningGateway.run { gateway in
            for path in ["/", "/policy", "/explain", "/nowhere"] {
                for host in ["evil.example:80", "localhost", "127.0.0.1:1", nil] {
                    var request = ProbeRequest(method, path)
                    request.host = host
                    request.headers = [(name: "Origin", value: "http://\(host ?? "")")]
                    let answer = try await HTTPProbe.send(request, to: try gateway.administrationURL)
                    #expect(answer.status == 421 && answer.body.contains("same number"), "\(host ?? "no Host")")
                    #expect(!answer.body.contains("deploy"))
                }
            }
        }
    }

    @Test(arguments: [nil, "null", "http://evil.example", "https://localhost", "http://localhost"])
    func `a POST from elsewhere gets 403`(_ origin: String?) async throws {
        try await RunningGateway.run { gateway in
            var request = try gateway.question()
            request.headers = [(name: "Content-Type", value: "application/json")]
            if let origin { request.headers.append((name: "Origin", value: origin)) }
            #expect(try await gateway.administration(request, addingOrigin: false).status == 403)
        }
    }

    @Test func `knows whole paths, methods and media types only`() async throws {
        try await RunningGateway.run { gateway in
            for path in [
                "/v1/credentials", "/v1/whoami", "/metrics", "/readyz", "/livez", "/policy/", "/openapi.json", "//",
            ] {
                #expect(try await gateway.administration(ProbeRequest("GET", path)).status == 404, "\(path)")
            }
            for method in ["POST", "PUT", "DELETE", "PATCH", "OPTIONS", "TRACE"] {
                let answer = try await gateway.administration(ProbeRequest(method, "/"))
                #expect(answer.status == 405 && answer["Allow"] == "GET, HEAD", "\(method)")
            }
            #expect(try await gateway.administration(ProbeRequest("DELETE", "/explain"))["Allow"] == "GET, HEAD, POST")
            var request = try gateway.question()
            for type in ["text/plain", "multipart/form-data", ""] {
                request.headers = [(name: "Content-Type", value: type)]
                #expect(try await gateway.administration(request).status == 415, "\(type)")
            }
            #expect(gateway.sts.requests.isEmpty)
        }
    }

    @Test func `the other listeners serve nothing of it`() async throws {
        try await RunningGateway.run { gateway in
            for path in ["/policy", "/explain"] {
                #expect(try await gateway.health(path).status == 404)
                #expect(try await gateway.send(ProbeRequest("GET", path)).status == 404)
            }
            let (health, service) = (try await gateway.health("/"), try await gateway.send(ProbeRequest("GET", "/")))
            #expect(health.status == 404 && service.status == 405)
        }
    }

    @Test func `the policy is there as JSON`() async throws {
        try await RunningGateway.run(GatewayPlan(rule: "    session_name: \"{repo_name}-{build_number}\"")) { gateway in
            let policy = try await gateway.administration(ProbeRequest("GET", "/policy")).json
            #expect(policy["digest"]?.string?.utf8.count == 64 && policy["faults"] == [])
            let rule = try #require(policy["rules"]?.array?.first?.object)
            #expect(rule["name"] == "deploy" && rule["effect"] == "allow" && rule["issuer"] == "vela")
            #expect(rule["roles"] == [.string(GatewayPlan.role)] && rule["regions"] == ["us-west-2", "eu-central-1"])
            #expect(
                rule["condition"] == [["operator": "StringEquals", "claim": "repo", "wanted": ["octo-org/octo-repo"]]])
            #expect(rule["max_duration_seconds"] == 3600 && rule["session_name"] == "{repo_name}-{build_number}")
        }
    }

    @Test func `a faulty reload shows with its reason, and what decides stays`() async throws {
        try await RunningGateway.run { gateway in
            try gateway.folder.write("version: 1\nrules: [<script>alert(1)</script>]\n", to: "policy.yaml")
            gateway.service.reload()
            let page = try await gateway.administration(ProbeRequest("GET", "/"))
            #expect(page.body.contains("The policy files are faulty.") && page.body.contains("faulty, see above"))
            #expect(page.body.contains("policy.yaml:2") && page.body.contains("<code>deploy</code>"))
            #expect(!page.body.contains("<script"))
            let faults = try await gateway.administration(ProbeRequest("GET", "/policy")).json["faults"]?.array
            #expect(faults?.isEmpty == false)
        }
    }

    @Test func `the words of a policy cannot become markup`() async throws {
        let hostile = #"</code><script>alert(1)</script>"#
        let rule = """
              - name: hostile
                issuer: vela
                condition: { StringLike: { repo: '\(hostile)*' } }
                roles: ["\(GatewayPlan.role)"]
            """
        try await RunningGateway.run(GatewayPlan(rule: rule)) { gateway in
            let page = try await gateway.administration(ProbeRequest("GET", "/")).body
            #expect(page.contains("&lt;/code&gt;&lt;script&gt;alert(1)&lt;/script&gt;*") && !page.contains("<script"))
        }
    }

    @Test func `it is gone when the gateway is`() async throws {
        try await RunningGateway.run { gateway in
            let url = try gateway.administrationURL
            #expect(try await gateway.administration(ProbeRequest("GET", "/")).status == 200)
            await gateway.service.stop()
            await #expect(throws: ProbeFailure.self) { try await HTTPProbe.send(ProbeRequest("GET", "/"), to: url) }
        }
    }

    @Test func `it can be switched off`() async throws {
        try await RunningGateway.run(GatewayPlan(settings: [(key: "admin_listen", value: "off")])) { gateway in
            let health = try await gateway.health("/readyz")
            #expect(gateway.service.administrationURL == nil && health.status == 200)
        }
    }
}

extension RunningGateway {
    /// The administrator's listener.
    var administrationURL: String { get throws { try #require(service.administrationURL) } }

    /// Sends a request to it by its own name, and a POST with its own Origin.
    func administration(_ request: ProbeRequest, addingOrigin: Bool = true) async throws -> ProbeAnswer {
        var request = request
        let host = String(try administrationURL.dropFirst("http://".count))
        request.host = host
        if addingOrigin { request.headers.append((name: "Origin", value: "http://\(host)")) }
        return try await HTTPProbe.send(request, to: try administrationURL)
    }

    /// A question that the policy answers with yes.
    func question(_ claims: VelaClaims? = nil) throws -> ProbeRequest {
        let members = (claims ?? VelaClaims(at: clock.now)).members
        let question: JSONObject = [
            "claims": .object(members), "request": ["role": .string(GatewayPlan.role), "duration_seconds": 900],
        ]
        var request = ProbeRequest("POST", "/explain")
        request.headers = [(name: "Content-Type", value: "application/json")]
        request.body = String(decoding: JSONValue.object(question).bytes, as: UTF8.self)
        return request
    }
}
