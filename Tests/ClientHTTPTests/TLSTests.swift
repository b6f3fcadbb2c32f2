import ClientHTTP
import Foundation
import Secrets
import Testing

@Suite struct TLSTests {
    init() {
        // As the program does: OpenSSL writes with write(2).
        signal(SIGPIPE, SIG_IGN)
    }

    private static let fine = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok"

    private func get(
        _ host: String, _ server: TLSServer, trusting authority: String? = "ca"
    ) throws -> ClientHTTPResponse {
        let url = try HTTPURL(parsing: "https://\(host):\(server.port)/answer")
        let trust = Trust(bundle: try authority.map(Certificates.path))
        return try ClientHTTP(trust: trust, userAgent: "test/1").send(
            ClientHTTPRequest(.get, url), until: .after(.seconds(60)))
    }

    @Test(arguments: ["localhost", "127.0.0.1"], ["-tls1_2", "-tls1_3"])
    func `talks to a server of a private authority`(host: String, version: String) throws {
        let server = try TLSServer("good", answer: Self.fine, options: [version])
        #expect(try get(host, server).body == Secret("ok"))
    }

    @Test(.enabled(if: Loopback.hasIPv6, "there is no ::1 here"), arguments: ["::1", "0:0:0:0:0:0:0:1"])
    func `talks to an IPv6 address, which the certificate must name`(host: String) throws {
        let server = try TLSServer("good", answer: Self.fine, address: "[::1]")
        #expect(try get("[\(host)]", server).body == Secret("ok"))
        let other = try TLSServer("name-only", answer: Self.fine, address: "[::1]")
        #expect(throws: ClientHTTPError.certificateRefused(host: host, reason: "IP address mismatch")) {
            try get("[\(host)]", other)
        }
    }

    @Test func `takes a bundle in place of the system's own`() throws {
        let server = try TLSServer("good", answer: Self.fine)
        let url = try HTTPURL(parsing: "https://localhost:\(server.port)/answer")
        let http = ClientHTTP(trust: Trust(bundle: try Certificates.path("ca")), userAgent: "test/1")
        #expect(try http.send(ClientHTTPRequest(.get, url), until: .after(.seconds(60))).status == 200)
    }

    @Test func `sends the server name for a name`() throws {
        // s_server refuses the handshake when the name sent is not this one.
        let options = ["-servername", "localhost", "-servername_fatal", "-cert2", "../good.pem", "-key2", "../key.pem"]
        let server = try TLSServer("other-name", answer: Self.fine, options: options)
        #expect(try get("localhost", server).status == 200)
    }

    @Test(arguments: [
        ("good", "localhost", nil, "unable to get local issuer certificate"),
        ("good", "localhost", "other-ca", "unable to get local issuer certificate"),
        ("other-name", "localhost", "ca", "hostname mismatch"),
        ("name-only", "127.0.0.1", "ca", "IP address mismatch"),
        ("expired", "localhost", "ca", "certificate has expired"),
    ])
    func `refuses a certificate`(certificate: String, host: String, authority: String?, reason: String) throws {
        let server = try TLSServer(certificate, answer: Self.fine)
        #expect(throws: ClientHTTPError.certificateRefused(host: host, reason: reason)) {
            try get(host, server, trusting: authority)
        }
    }

    @Test func `refuses TLS 1.1`() throws {
        let server = try TLSServer("good", answer: Self.fine, options: ["-tls1_1", "-cipher", "ALL:@SECLEVEL=0"])
        #expect {
            try get("localhost", server)
        } throws: { error in
            guard case .handshakeFailed = error as? ClientHTTPError else { return false }
            return true
        }
    }

    @Test func `offers TLS 1.3 and 1.2 and nothing older`() throws {
        // The backlog takes the connection and its first bytes; nobody answers them.
        let (listener, port) = Loopback.listen()
        defer { close(listener) }
        let url = try HTTPURL(parsing: "https://127.0.0.1:\(port)/")
        #expect(throws: ClientHTTPError.timedOut(.handshake)) {
            try ClientHTTP(trust: Trust(bundle: Certificates.path("ca")), userAgent: "test/1")
                .send(ClientHTTPRequest(.get, url), until: .after(.seconds(1)))
        }
        let connection = accept(listener, nil, nil)
        defer { close(connection) }
        var hello = [UInt8](repeating: 0, count: 4096)
        let count = unsafe recv(connection, &hello, hello.count, 0)
        // RFC 8446 section 4.2.1: the extension supported_versions (43) of 5 bytes, a list of 4.
        let versions: [UInt8] = [0, 43, 0, 5, 4, 3, 4, 3, 3]
        #expect((0..<max(0, count - versions.count)).contains { hello[$0...].starts(with: versions) })
    }

    @Test func `says that a server does not speak TLS`() throws {
        let server = ScriptedServer("HTTP/1.1 400 Bad Request\r\n\r\n")
        let url = try HTTPURL(parsing: "https://127.0.0.1:\(server.port)/")
        // The server waits for a request that ends, so it never answers the handshake.
        #expect {
            try ClientHTTP(trust: Trust(bundle: Certificates.path("ca")), userAgent: "test/1")
                .send(ClientHTTPRequest(.get, url), until: .after(.milliseconds(200)))
        } throws: { error in
            (error as? ClientHTTPError)?.mayHaveBeenSent == false
        }
    }

    @Test(arguments: [("junk", "no certificate or crl found"), ("no-such-file", "No such file or directory")])
    func `names a file of authorities that cannot be used`(name: String, why: String) throws {
        let path = try Certificates.path(name)
        let url = try HTTPURL(parsing: "https://127.0.0.1:1/")
        let words = "the certificates in \(path) cannot be used (\(why)): it must be a readable PEM file"
        #expect(throws: ClientHTTPError.trustUnusable(words)) {
            try ClientHTTP(trust: Trust(bundle: path), userAgent: "test/1")
                .send(ClientHTTPRequest(.get, url), until: .after(.seconds(60)))
        }
    }

    @Test func `says that a cut TLS answer was cut`() throws {
        let server = try TLSServer("good", answer: "HTTP/1.1 200 OK\r\nContent-Length: 20\r\n\r\nok")
        #expect {
            try get("localhost", server)
        } throws: { error in
            guard case .connectionLost(.receiving, _) = error as? ClientHTTPError else { return false }
            return true
        }
    }
}
