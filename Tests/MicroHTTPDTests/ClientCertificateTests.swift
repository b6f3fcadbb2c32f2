import Foundation
import MicroHTTPD
import Testing

/// Certificates that clients present, with the openssl command as the client.
@Suite struct ClientCertificateTests {
    /// A server that asks for certificates of `authority`.
    private static func withServer(
        _ authority: TestAuthority, areRequired: Bool = true,
        _ body: (HTTPServer, TLSConfiguration) async throws -> Void
    ) async throws {
        var tls = try await TestCertificate(name: "server.test").configuration
        tls.clientCertificates = ClientCertificates(
            authoritiesPEM: Array(try Data(contentsOf: authority.certificate)), areRequired: areRequired)
        let configuration = tls
        try await MicroHTTPDTests.withServer(.loopback { $0.tls = configuration }) { try await body($0, configuration) }
    }

    /// What s_client writes for one request; both versions of TLS carry the certificate in their own way.
    private static func get(_ server: HTTPServer, _ version: String, _ options: [String]) async throws -> String {
        try await openssl(
            ["s_client", "-connect", "127.0.0.1:\(server.boundPort)", "-ign_eof", version] + options,
            input: "GET /mine HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n")
    }

    @Test(arguments: ["-tls1_2", "-tls1_3"]) func `serves a client of the authority and nobody else`(
        version: String
    ) async throws {
        let (authority, other) = (try await TestAuthority(), try await TestAuthority())
        try await Self.withServer(authority) { server, _ in
            let good = try await Self.get(server, version, try await authority.client())
            #expect(good.contains("200 OK") && good.contains("GET /mine - "))
            #expect(server.statistics.handledRequests == 1)
            let refusals: [([String], ClientCertificateFault)] = [
                ([], .missing), (try await other.client(), .untrusted),
                (try await authority.client(usage: "serverAuth"), .purpose),
                (try await authority.client(days: -1), .expired),
            ]
            for (options, fault) in refusals {
                let answer = try await Self.get(server, version, options)
                #expect(answer.contains("HTTP/1.1 403") && answer.contains(fault.rawValue), "\(fault): \(answer)")
            }
            #expect(server.statistics.handledRequests == 1)
        }
    }

    /// Whether the client with these options is served, and not refused.
    private static func isServed(_ server: HTTPServer, _ options: [String]) async throws -> Bool {
        let answer = try await get(server, "-tls1_3", options)
        let isServed = answer.contains("HTTP/1.1 200 OK")
        #expect(isServed != answer.contains("HTTP/1.1 403"), "\(answer)")
        return isServed
    }

    @Test func `an optional certificate may be missing, but not be of somebody else`() async throws {
        let (authority, other) = (try await TestAuthority(), try await TestAuthority())
        let (ours, theirs) = (try await authority.client(), try await other.client())
        try await Self.withServer(authority, areRequired: false) { server, _ in
            let served = [
                try await Self.isServed(server, []), try await Self.isServed(server, ours),
                try await Self.isServed(server, theirs),
            ]
            #expect(served == [true, true, false])
        }
    }

    @Test func `another authority counts from its reload on`() async throws {
        let (authority, next) = (try await TestAuthority(), try await TestAuthority())
        let client = try await next.client()
        let nextAuthority = Array(try Data(contentsOf: next.certificate))
        try await Self.withServer(authority) { server, tls in
            let before = try await Self.isServed(server, client)
            var renewed = tls
            renewed.clientCertificates?.authoritiesPEM = nextAuthority
            try server.replaceCertificate(renewed)
            let after = try await Self.isServed(server, client)
            renewed.clientCertificates?.authoritiesPEM = Array("nonsense".utf8)
            let unusable = renewed
            let error = #expect(throws: HTTPServerError.self) { try server.replaceCertificate(unusable) }
            #expect(error?.description.contains("PEM file of certificates") == true)
            let still = try await Self.isServed(server, client)
            #expect([before, after, still] == [false, true, true])
        }
    }
}
