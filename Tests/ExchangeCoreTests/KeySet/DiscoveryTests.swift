import StrictJSON
import TestSupport
import Testing

@testable import ExchangeCore

@Suite struct DiscoveryTests {
    private static let https = "https://idp.example.com/x"

    /// What came of a discovery.
    private struct Outcome {
        let failure: String?
        let requests: [String]
        let plaintext: [String]
    }

    /// What comes of a discovery document with these members at `issuer`; the key set is served wherever it says.
    private func discover(
        _ issuer: String, allowPlaintext: Bool = false, document: JSONObject
    ) async throws -> Outcome {
        let fetch = FakeKeyFetch()
        await fetch.serve(JSONValue.object(document).bytes, at: issuer + "/.well-known/openid-configuration")
        if let url = document["jwks_uri"]?.string { await fetch.serve(try TestIssuer.vela().keySet, at: url) }
        let discovery = Discovery(issuer: issuer, allowPlaintext: allowPlaintext, fetch: fetch.closure)
        var failure: String?
        do throws(KeyFetchFailure) {
            let set = try await discovery.keySet()
            #expect(set.count == 1)
        } catch {
            failure = error.description
        }
        return Outcome(failure: failure, requests: await fetch.requests, plaintext: await fetch.plaintext)
    }

    @Test func `follows jwks_uri to another host`() async throws {
        let keys = "https://keys.example.net/jwks?v=1"
        let result = try await discover(
            Self.https, document: ["issuer": .string(Self.https), "jwks_uri": .string(keys)])
        #expect(result.failure == nil)
        #expect(result.requests == [Self.https + "/.well-known/openid-configuration", keys])
        #expect(result.plaintext.isEmpty)
    }

    @Test(arguments: [
        https + "/", "HTTPS://idp.example.com/x", "https://idp.example.com", "https://idp.example.com/X", "",
    ])
    func `refuses a document that names another issuer`(_ named: String) async throws {
        let result = try await discover(
            Self.https, document: ["issuer": .string(named), "jwks_uri": .string(Self.https + "/jwks")])
        #expect(result.failure?.contains("names issuer") == true)
        #expect(result.requests.count == 1)
    }

    @Test(arguments: [
        "http://idp.example.com/jwks", "http://127.0.0.1/jwks", "http://localhost:8080/jwks", "file:///etc/passwd",
        "/jwks", "", "https://user@idp.example.com/jwks", "HTTPS://idp.example.com/jwks", "https:///jwks",
    ])
    func `refuses a jwks_uri that is no https URL`(_ url: String) async throws {
        let result = try await discover(
            Self.https, document: ["issuer": .string(Self.https), "jwks_uri": .string(url)])
        #expect(result.failure?.contains("jwks_uri") == true)
        #expect(result.requests.count == 1)
    }

    @Test func `refuses a document without jwks_uri`() async throws {
        let result = try await discover(Self.https, document: ["issuer": .string(Self.https), "jwks_uri": 7])
        #expect(result.failure == "the discovery document has no jwks_uri")
    }

    @Test func `an issuer on loopback may use plaintext on loopback only`() async throws {
        let issuer = "http://127.0.0.1:8000/_services/token"
        let near = try await discover(
            issuer, document: ["issuer": .string(issuer), "jwks_uri": "http://[::1]:8000/jwks"])
        #expect(near.failure == nil)
        #expect(near.plaintext.count == 2)
        let far = try await discover(
            issuer, document: ["issuer": .string(issuer), "jwks_uri": "http://idp.example.com/jwks"])
        #expect(far.failure?.contains("http is for loopback only") == true)
    }

    @Test func `an issuer may use plaintext where that is allowed by name`() async throws {
        let issuer = "http://vela.internal"
        let document: JSONObject = ["issuer": .string(issuer), "jwks_uri": "http://vela.internal/jwks"]
        #expect(try await discover(issuer, allowPlaintext: true, document: document).failure == nil)
        let refused = try await discover(issuer, document: document)
        #expect(refused.failure?.contains("http is for loopback only") == true)
        #expect(refused.requests.isEmpty)
    }

    @Test func `a slash at the end of the issuer is not doubled`() async throws {
        let fetch = FakeKeyFetch()
        _ = try? await Discovery(issuer: Self.https + "/", allowPlaintext: false, fetch: fetch.closure).keySet()
        #expect(await fetch.requests == [Self.https + "/.well-known/openid-configuration"])
    }

    @Test(arguments: [
        #"{"issuer":"https://evil.example","issuer":"https://idp.example.com/x","jwks_uri":"https://idp.example.com/x/jwks"}"#,
        "[]", "<html>", "", #"{"jwks_uri":"https://idp.example.com/x/jwks"}"#,
        #"{"issuer":"https://idp.example.com/x","jwks_uri":"https://idp.example.com/x/jwks","x":""#
            + String(repeating: "x", count: 1 << 20) + #""}"#,
    ])
    func `refuses a document that is not strict JSON, too large, or without issuer`(_ text: String) async throws {
        let fetch = FakeKeyFetch()
        await fetch.serve(Array(text.utf8), at: Self.https + "/.well-known/openid-configuration")
        await fetch.serve(try TestIssuer.vela().keySet, at: Self.https + "/jwks")
        await #expect(throws: KeyFetchFailure.self) {
            try await Discovery(issuer: Self.https, allowPlaintext: false, fetch: fetch.closure).keySet()
        }
        #expect(await fetch.requests.count == 1)
    }
}
