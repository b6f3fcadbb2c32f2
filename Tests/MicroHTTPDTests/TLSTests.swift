import MicroHTTPD
import Secrets
import Testing

/// TLS, with the openssl command as the client.
@Suite struct TLSTests {
    /// What `openssl s_client` writes when it asks for `/tls` and reads until the server ends the connection.
    private static func get(port: UInt16, _ options: [String]) async throws -> String {
        try await openssl(
            ["s_client", "-connect", "127.0.0.1:\(port)", "-ign_eof"] + options,
            input: "GET /tls HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n")
    }

    private static func configuration(_ certificate: TestCertificate) -> HTTPServerConfiguration {
        .loopback { $0.tls = certificate.configuration }
    }

    @Test(arguments: ["-tls1_2", "-tls1_3"]) func `speaks TLS 1.2 and 1.3`(version: String) async throws {
        let certificate = try await TestCertificate(name: "first.test")
        try await withServer(Self.configuration(certificate)) { server in
            let output = try await Self.get(port: server.boundPort, [version])
            #expect(output.contains("HTTP/1.1 200 OK"))
            #expect(output.contains("GET /tls - "))
            #expect(output.contains("first.test"))
        }
    }

    @Test(arguments: ["-tls1", "-tls1_1"]) func `refuses older versions`(version: String) async throws {
        let certificate = try await TestCertificate(name: "first.test")
        try await withServer(Self.configuration(certificate)) { server in
            // Level 0, or the client itself would not offer the version.
            let output = try await Self.get(port: server.boundPort, [version, "-cipher", "DEFAULT@SECLEVEL=0"])
            #expect(output.contains("CONNECTED") && output.contains("Cipher is (NONE)"))
            #expect(!output.contains("HTTP/1.1"))
            #expect(server.statistics.handledRequests == 0)
        }
    }

    @Test func `uses a replaced certificate for new connections and keeps it when the next is unusable`() async throws {
        let first = try await TestCertificate(name: "first.test")
        let second = try await TestCertificate(name: "second.test")
        try await withServer(Self.configuration(first)) { server in
            let before = try await Self.get(port: server.boundPort, [])
            #expect(before.contains("first.test"))
            let isNew = try server.replaceCertificate(second.configuration)
            let isNewAgain = try server.replaceCertificate(second.configuration)
            #expect(isNew && !isNewAgain, "the same pair is no news")
            let after = try await Self.get(port: server.boundPort, [])
            #expect(after.contains("second.test") && !after.contains("first.test") && after.contains("200 OK"))
            let mismatched = TLSConfiguration(
                certificatePEM: first.configuration.certificatePEM, privateKeyPEM: second.configuration.privateKeyPEM)
            #expect(throws: HTTPServerError.self) { try server.replaceCertificate(mismatched) }
            let still = try await Self.get(port: server.boundPort, [])
            #expect(still.contains("second.test") && still.contains("200 OK"))
        }
    }

    @Test func `refuses to start with what is no certificate`() async throws {
        let certificate = try await TestCertificate(name: "first.test")
        let (chain, key) = (certificate.configuration.certificatePEM, certificate.configuration.privateKeyPEM)
        let unusable = [
            TLSConfiguration(certificatePEM: Array("nonsense".utf8), privateKeyPEM: key),
            TLSConfiguration(certificatePEM: [], privateKeyPEM: key),
            TLSConfiguration(certificatePEM: chain, privateKeyPEM: Secret("nonsense")),
            TLSConfiguration(certificatePEM: chain, privateKeyPEM: Secret("")),
        ]
        for tls in unusable {
            #expect(throws: HTTPServerError.self) { try HTTPServer.start(.loopback { $0.tls = tls }, handler: echo) }
        }
    }

    @Test func `refuses an expired certificate, at start and in a reload`() async throws {
        let authority = try await TestAuthority()
        let (certificate, key) = try await authority.issue(usage: "serverAuth", days: -1)
        let expired = try TLSConfiguration(certificate: certificate, key: key)
        let error = #expect(throws: HTTPServerError.self) { _ = try expired.checked() }
        #expect(error?.description.contains("expired at 20") == true)
        let good = try await TestCertificate(name: "first.test")
        try await withServer(Self.configuration(good)) { server in
            let before = server.certificateValidity
            #expect(throws: HTTPServerError.self) { try server.replaceCertificate(expired) }
            #expect(server.certificateValidity == before)
            let still = try await Self.get(port: server.boundPort, [])
            #expect(still.contains("first.test") && still.contains("200 OK"))
        }
    }

    @Test(arguments: ["AES128-SHA", "AES128-GCM-SHA256", "ECDHE-ECDSA-AES128-SHA", "ECDHE-ECDSA-AES256-SHA384"])
    func `refuses suites without forward secrecy or authenticated encryption`(suite: String) async throws {
        let certificate = try await TestCertificate(name: "first.test")
        try await withServer(Self.configuration(certificate)) { server in
            let output = try await Self.get(
                port: server.boundPort, ["-tls1_2", "-cipher", "\(suite):@SECLEVEL=0"])
            #expect(output.contains("CONNECTED") && output.contains("Cipher is (NONE)"))
        }
    }

    @Test func `has no certificate to replace without TLS`() async throws {
        let certificate = try await TestCertificate(name: "first.test")
        try await withServer { server in
            #expect(throws: HTTPServerError.noTLS) { try server.replaceCertificate(certificate.configuration) }
        }
    }

    @Test func `ends a handshake that does not go on`() async throws {
        let certificate = try await TestCertificate(name: "first.test")
        var configuration = Self.configuration(certificate)
        configuration.headerDeadline = .milliseconds(100)
        try await withServer(configuration) { server in
            let port = server.boundPort
            let hasEnded = try await onOwnThread {
                let client = try BlockingClient(port: port)
                // The beginning of a ClientHello of 512 bytes.
                try client.send([0x16, 0x03, 0x01, 0x02, 0x00, 0x01])
                do { return try client.hasEnded() } catch BlockingClient.Failure.silent { return false }
            }
            #expect(hasEnded)
            #expect(server.statistics.reaped == 1)
            let isGone = try await eventually { server.statistics.connections == 0 }
            #expect(isGone)
        }
    }

    @Test func `drops a client that speaks plain HTTP`() async throws {
        let certificate = try await TestCertificate(name: "first.test")
        try await withServer(Self.configuration(certificate)) { server in
            let port = server.boundPort
            _ = try await onOwnThread {
                let client = try BlockingClient(port: port)
                try client.send(BlockingClient.get("/"))
                while try !client.hasEnded() { return }
            }
            let isDropped = try await eventually { server.statistics.connections == 0 }
            #expect(isDropped)
            #expect(server.statistics.handledRequests == 0)
        }
    }

    @Test func `stops under load of handshakes`() async throws {
        let certificate = try await TestCertificate(name: "first.test")
        for _ in 0..<5 {
            let server = try HTTPServer.start(Self.configuration(certificate), handler: echo)
            let port = server.boundPort
            let clients = (0..<3).map { _ in Task { try await Self.get(port: port, []) } }
            let isUnderLoad = try await eventually { server.statistics.acceptedConnections > 0 }
            #expect(isUnderLoad)
            await server.stop()
            #expect(server.statistics.openRequests == 0)
            for client in clients { _ = await client.result }
        }
    }
}
