import Glibc
import OutboundHTTP
import Testing

/// Certificates are verified, and nothing switches that off.
struct TLSTests {
    @Test func `trusts a certificate of the configured authority, by name and by address`() async throws {
        let authority = try await TestAuthority()
        defer { authority.remove() }
        let server = try await TLSServer(certificate: try await authority.issue("DNS:localhost,IP:127.0.0.1"))
        defer { server.stop() }
        let client = try makeClient(caFile: authority.certificate)
        for host in ["localhost", "127.0.0.1"] {
            let answer = try await client.send(try get("https://\(host):\(server.port)/"))
            #expect(answer.status == 200)
        }
        await client.shutdown()
    }

    @Test func `keeps an idle connection whose keys the server renews`() async throws {
        let authority = try await TestAuthority()
        defer { authority.remove() }
        let certificate = try await authority.issue("IP:127.0.0.1")
        let server = try await TLSServer(certificate: certificate, byHand: true)
        defer { server.stop() }
        let client = try makeClient(caFile: authority.certificate)
        // Often, because only what comes while the connection is idle tells.
        for round in 0..<20 {
            let request = try get("https://127.0.0.1:\(server.port)/\(round)")
            async let answer = client.send(request)
            let printed = try await server.await("Host: ")
            #expect(!printed.contains("CONNECTION CLOSED"))
            try server.write("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok")
            let body = try await answer.body.text
            #expect(body == "ok")
            try server.write("k\n")
        }
        await client.shutdown()
    }

    @Test(arguments: ["DNS:other.example", "DNS:localhost.other.example", "DNS:*.localhost", "IP:127.0.0.2"])
    func `refuses a trusted certificate for another host`(names: String) async throws {
        let authority = try await TestAuthority()
        defer { authority.remove() }
        let server = try await TLSServer(certificate: try await authority.issue(names))
        defer { server.stop() }
        let client = try makeClient(caFile: authority.certificate)
        for host in ["localhost", "127.0.0.1"] {
            await expectTLSFailure(of: try get("https://\(host):\(server.port)/"), by: client)
        }
        await client.shutdown()
    }

    @Test func `refuses a certificate that the system does not know`() async throws {
        let authority = try await TestAuthority()
        defer { authority.remove() }
        let server = try await TLSServer(certificate: try await authority.issue("DNS:localhost"))
        defer { server.stop() }
        let client = try makeClient()
        await expectTLSFailure(of: try get("https://localhost:\(server.port)/"), by: client)
        await client.shutdown()
    }

    @Test func `refuses a certificate of another authority`() async throws {
        let authority = try await TestAuthority()
        let other = try await TestAuthority()
        defer {
            authority.remove()
            other.remove()
        }
        let server = try await TLSServer(certificate: try await other.issue("DNS:localhost"))
        defer { server.stop() }
        let client = try makeClient(caFile: authority.certificate)
        await expectTLSFailure(of: try get("https://localhost:\(server.port)/"), by: client)
        await client.shutdown()
    }

    @Test func `refuses a server that knows no TLS later than 1.1`() async throws {
        let authority = try await TestAuthority()
        defer { authority.remove() }
        let certificate = try await authority.issue("DNS:localhost")
        let old = try await TLSServer(certificate: certificate, options: ["-tls1_1", "-cipher", "ALL@SECLEVEL=0"])
        defer { old.stop() }
        let current = try await TLSServer(certificate: certificate, options: ["-tls1_2"])
        defer { current.stop() }
        let client = try makeClient(caFile: authority.certificate)
        await expectTLSFailure(of: try get("https://localhost:\(old.port)/"), by: client)
        let answer = try await client.send(try get("https://localhost:\(current.port)/"))
        #expect(answer.status == 200)
        await client.shutdown()
    }

    @Test func `does not start where the environment asks for the keys of TLS connections`() async {
        await #expect(processExitsWith: .success) {
            unsafe setenv("SSLKEYLOGFILE", "", 1)
            await (try makeClient()).shutdown()
            unsafe setenv("SSLKEYLOGFILE", "/nonexistent/keys", 1)
            guard (try? makeClient()) == nil else { exit(1) }
            #expect(throws: OutboundSetupError.keyLog) { try makeClient() }
        }
    }

    @Test func `refuses a server that speaks no TLS`() async throws {
        try await withServer { connection in
            _ = connection.readSome()
            connection.answer(body: "plain")
        } _: { server, client in
            await expectTLSFailure(of: try get("https://127.0.0.1:\(server.port)/"), by: client)
        }
    }

    private func expectTLSFailure(of request: OutboundRequest, by client: OutboundHTTPClient) async {
        let failure = await failureSending(request, by: client)
        guard case .tls = failure else { Issue.record("\(String(describing: failure))"); return }
        #expect(failure?.reachedServer == false)
    }
}
