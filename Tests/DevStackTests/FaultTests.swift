import DevStack
import Foundation
import StrictJSON
import Testing

@Suite struct `A fault` {
    @Test func `of STS strikes once, in order, and then no more`() async throws {
        try await withStack { client in
            try await client.direct(
                "/_dev/sts/faults",
                #"[{"code":"Throttling","message":"Rate exceeded"},{"code":"IDPCommunicationError"},{"status":503,"times":2}]"#
            )
            let first = try await client.sts()
            #expect(first.status == 400)
            #expect(first.element("Code") == "Throttling")
            #expect(first.element("Message") == "Rate exceeded")
            #expect(try await client.sts().element("Code") == "IDPCommunicationError")
            #expect(try await client.sts().status == 503)
            #expect(try await client.sts().status == 503)
            #expect(try await client.sts().status == 200)
        }
    }

    @Test func `that is sticky stays until the list is set anew`() async throws {
        try await withStack { client in
            try await client.direct("/_dev/sts/faults", #"{"code":"AccessDenied","status":403,"sticky":true}"#)
            for _ in 0..<3 { #expect(try await client.sts().status == 403) }
            try await client.direct("/_dev/sts/faults", "[]")
            #expect(try await client.sts().status == 200)
        }
    }

    @Test func `distorts an answer that is good otherwise`() async throws {
        try await withStack { client in
            try await client.direct(
                "/_dev/sts/faults",
                #"[{"empty_field":"SecretAccessKey"},{"wrong_account":true},{"expired":true},{"lifetime_s":60},{"truncate":true}]"#
            )
            let empty = try await client.sts()
            #expect(empty.status == 200)
            #expect(empty.element("SecretAccessKey") == "")
            #expect(empty.element("AccessKeyId") != "")
            #expect(try await client.sts().element("Arn") == "arn:aws:sts::999999999999:assumed-role/test/vela")
            let expired = try await client.sts()
            #expect(try #require(Timestamp(parsing: expired.element("Expiration") ?? "")) < .now)
            let short = try #require(Timestamp(parsing: try await client.sts().element("Expiration") ?? ""))
            // Asked for was an hour, the usual: between the two there is room for the slowest machine.
            #expect(short > .now + .seconds(-600) && short < .now + .seconds(600))
            let truncated = try await client.sts()
            #expect(truncated.status == 200)
            #expect(!truncated.text.contains("</AssumeRoleWithWebIdentityResponse>"))
        }
    }

    @Test func `replaces an answer with HTML, garbage or any body`() async throws {
        try await withStack { client in
            try await client.direct(
                "/_dev/sts/faults",
                #"[{"html":true},{"garbage":true},{"body":"{}","content_type":"text/x","status":201}]"#)
            #expect(try await client.sts().headers["content-type"] == "text/html")
            #expect(String(validating: try await client.sts().body, as: UTF8.self) == nil)
            let body = try await client.sts()
            #expect(body.status == 201)
            #expect(body.text == "{}")
            #expect(body.headers["content-type"] == "text/x")
        }
    }

    @Test func `closes the connection without an answer`() async throws {
        try await withStack { client in
            try await client.direct("/_dev/sts/faults", #"{"close":true}"#)
            await #expect(throws: URLError.self) { try await client.sts() }
            #expect(try await client.sts().status == 200)
        }
    }

    @Test func `holds an answer back`() async throws {
        try await withStack { client in
            try await client.direct("/_dev/sts/faults", #"[{"delay_ms":20},{"delay_ms":20,"code":"Throttling"}]"#)
            #expect(try await client.sts().status == 200)
            #expect(try await client.sts().element("Code") == "Throttling")
        }
    }

    @Test func `of the issuer strikes only where it is meant to`() async throws {
        try await withStack { client in
            let issuer = client.stack.issuer.issuerURL
            try await client.direct(
                "/_dev/issuer/faults",
                #"""
                [{"on":"jwks","status":500},{"on":"discovery","truncate":true},{"on":"id_token","html":true,"status":502},
                 {"on":"discovery","redirect":"https://127.0.0.1:1/elsewhere"}]
                """#)
            let step = try await client.register("{}")
            let html = try await client.idToken(step)
            #expect(html.status == 502)
            #expect(html.text.hasPrefix("<!DOCTYPE html>"))
            let discovery = try await client.send("\(issuer)/.well-known/openid-configuration")
            #expect(throws: JSONError.self) { try discovery.json }
            #expect(try await client.send("\(issuer)/.well-known/jwks").status == 500)
            #expect(try await client.send("\(issuer)/.well-known/jwks").status == 200)
            #expect(try await client.idToken(step).status == 200)
            await #expect(throws: URLError.self) { try await client.send("\(issuer)/.well-known/openid-configuration") }
        }
    }

    @Test(arguments: [#"[1]"#, #"{"sort":1}"#, #"{"status":99}"#, #"{"times":0}"#, "{"])
    func `that is not understood is refused`(list: String) async throws {
        try await withStack { client in
            let answer = try await client.send(client.stack.stsURL + "/_dev/sts/faults", body: list)
            #expect(answer.status == 400)
        }
    }
}
