import ClientHTTP
import Foundation
import Secrets
import Testing

/// Requests through a proxy: a real one, and some that are none.
@Suite struct ProxyTests {
    init() {
        // As the program does: OpenSSL writes with write(2).
        signal(SIGPIPE, SIG_IGN)
    }

    private static let fine = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok"

    private func send(
        _ url: String, through proxy: String, trusting authority: String = "ca", within time: Duration = .seconds(60)
    ) throws -> ClientHTTPResponse {
        let trust = Trust(bundle: try Certificates.path(authority))
        let request = ClientHTTPRequest(
            .get, try HTTPURL(parsing: url), through: try Proxy(parsing: proxy),
            headers: [.init("Authorization", .bearer(Secret("t.o.k")))])
        return try ClientHTTP(trust: trust, userAgent: "test/1").send(request, until: .after(time))
    }

    // 0.0.0.0 is this machine to the proxy's system, and no loopback address to anybody who reads it.

    @Test(.enabled(if: TinyProxy.isInstalled, "tinyproxy is not installed"))
    func `goes through a tunnel to the server's own certificate`() throws {
        let proxy = try TinyProxy()
        let server = try TLSServer("good", answer: Self.fine)
        #expect(try send("https://0.0.0.0:\(server.port)/answer", through: proxy.url).status == 200)
        #expect(try proxy.log.contains("CONNECT 0.0.0.0:\(server.port)"))
        #expect(try !proxy.log.contains("t.o.k"))
        let other = try TLSServer("other-name", answer: Self.fine)
        #expect(throws: ClientHTTPError.certificateRefused(host: "0.0.0.0", reason: "IP address mismatch")) {
            try send("https://0.0.0.0:\(other.port)/answer", through: proxy.url)
        }
        #expect {
            try send("https://0.0.0.0:\(server.port)/answer", through: proxy.url, trusting: "other-ca")
        } throws: { error in
            guard case .certificateRefused(host: "0.0.0.0", _) = error as? ClientHTTPError else { return false }
            return true
        }
    }

    @Test(.enabled(if: TinyProxy.isInstalled, "tinyproxy is not installed"))
    func `tells the proxy its user and password, and nobody else`() throws {
        let proxy = try TinyProxy(user: "step", password: "p_w-d")
        let server = ScriptedServer(Self.fine)
        let secure = try TLSServer("good", answer: Self.fine)
        let address = "0.0.0.0"
        let (plain, tunnelled) = ("http://\(address):\(server.port)/answer", "https://\(address):\(secure.port)/answer")
        let failure = ClientHTTPError.proxyAuthentication(proxy: proxy.address)
        #expect(!failure.mayHaveBeenSent)
        // To a wrong password for plain http it says 401, which could be the server's.
        for (url, wrong) in [(plain, ""), (tunnelled, ""), (tunnelled, "step@"), (tunnelled, "step:wrong@")] {
            #expect(throws: failure) { try send(url, through: "http://\(wrong)\(proxy.address)") }
        }
        for url in [plain, tunnelled] {
            #expect(try send(url, through: "http://step:p_w%2Dd@\(proxy.address)").status == 200)
        }
        #expect(server.requests.count == 1 && !server.requests[0].contains("Proxy-Authorization"))
    }

    @Test func `tells a proxy for plain http the whole address`() throws {
        let proxy = ScriptedServer(Self.fine)
        #expect(try send("http://a.example/x?y=z", through: "user:pa%20ss@127.0.0.1:\(proxy.port)").status == 200)
        #expect(
            proxy.requests == [
                "GET http://a.example/x?y=z HTTP/1.1\r\nHost: a.example\r\n"
                    + "Proxy-Authorization: Basic dXNlcjpwYSBzcw==\r\nUser-Agent: test/1\r\nConnection: close\r\n"
                    + "Authorization: Bearer t.o.k\r\n\r\n"
            ])
    }

    @Test(arguments: ["a.example:443", "[fd00::1]:8443"])
    func `asks for a tunnel and sends nothing else before it is there`(target: String) throws {
        let proxy = ScriptedServer("HTTP/1.1 403 Forbidden\r\n\r\n")
        let address = "127.0.0.1:\(proxy.port)"
        #expect(throws: ClientHTTPError.proxyRefused(proxy: address, status: 403, host: target)) {
            try send("https://\(target)/secret/path?x", through: "http://u:p@\(address)/")
        }
        #expect(
            proxy.requests == [
                "CONNECT \(target) HTTP/1.1\r\nHost: \(target)\r\nUser-Agent: test/1\r\n"
                    + "Proxy-Authorization: Basic dTpw\r\n\r\n"
            ])
    }

    /// What answers at the proxy's address, and what that is called.
    private static let answers: [(String, @Sendable (String) -> ClientHTTPError)] = [
        ("HTTP/1.1 407 P\r\n\r\n", { .proxyAuthentication(proxy: $0) }),
        ("HTTP/1.0 502 B\r\n\r\n", { .proxyRefused(proxy: $0, status: 502, host: "a.example:443") }),
        ("HTTP/1.1 302 F\r\nLocation: /x\r\n\r\n", { .proxyRefused(proxy: $0, status: 302, host: "a.example:443") }),
        ("SSH-2.0-x\r\n", { .proxyAnswerInvalid(proxy: $0, reason: "no HTTP/1.1 status line") }),
        (
            "HTTP/1.1 200 OK\r\n\r\nHTTP/1.1 200 OK\r\n\r\n",
            { .proxyAnswerInvalid(proxy: $0, reason: "bytes behind the head, before TLS has begun") }
        ),
        (
            "HTTP/1.1 200 OK\r\nX: " + String(repeating: "a", count: 33_000),
            { .proxyAnswerInvalid(proxy: $0, reason: "a head of more than 32 KiB") }
        ),
        (
            "", { _ in .connectionLost(.tunnel, reason: "the server closed it before the answer was complete") }
        ),
    ]

    @Test(arguments: answers.indices) func `names what is wrong with a proxy, and has sent nothing`(index: Int) throws {
        let (answer, expected) = Self.answers[index]
        let proxy = ScriptedServer(answer)
        let address = "127.0.0.1:\(proxy.port)"
        let failure = expected(address)
        #expect(throws: failure) { try send("https://a.example/", through: "u:sesame@\(address)") }
        #expect(!failure.mayHaveBeenSent && !"\(failure)".contains("sesame"))
    }

    @Test func `gives a silent proxy up at the deadline`() throws {
        let proxy = ScriptedServer("HTTP/1.1 2", then: .hold)
        #expect(throws: ClientHTTPError.timedOut(.tunnel)) {
            try send("https://a.example/", through: "127.0.0.1:\(proxy.port)", within: .milliseconds(100))
        }
    }

    @Test func `says that the proxy is not there`() throws {
        let address = "127.0.0.1:\(Loopback.unusedPort())"
        #expect(throws: ClientHTTPError.proxyNotReached(proxy: address, reason: "Connection refused")) {
            try send("https://a.example/", through: address)
        }
    }

    @Test(arguments: [
        ("http://proxy.example:3128", "proxy.example:3128"), ("proxy.example:3128", "proxy.example:3128"),
        ("HTTP://proxy.example", "proxy.example:80"), ("http://u:p@[fd00::1]:3128/", "[fd00::1]:3128"),
        ("http://u:p@ss@proxy.example:1", "proxy.example:1"),
    ])
    func `reads a proxy's address`(text: String, address: String) throws {
        #expect(try Proxy(parsing: text).address == address)
    }

    @Test(arguments: [
        ("https://proxy.example", "must begin with http://"), ("socks5://proxy.example", "must begin with http://"),
        ("http://proxy.example/path", "must not have a path"), ("http://proxy.example?x", "must not have a path"),
        ("http://u:%zz@proxy.example", "as %25"), ("http://u:sesame@", "no valid host"),
        ("proxy.example:99999", "no valid port"), ("http://u:sesame@a b", "a character that no URL may hold"),
    ])
    func `refuses what is no proxy's address, and does not repeat it`(text: String, words: String) {
        #expect {
            try Proxy(parsing: text)
        } throws: { error in
            "\(error)".contains(words) && !"\(error)".contains("sesame")
        }
    }
}
