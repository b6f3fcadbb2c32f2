import ClientHTTP
import Foundation
import Secrets
import Testing

@Suite struct ClientHTTPTests {
    private let http = ClientHTTP(trust: Trust(), userAgent: "test/1")
    private static let fine = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok"

    @Test func `sends the request as it was given`() throws {
        let server = ScriptedServer(Self.fine)
        let url = try HTTPURL(parsing: "http://127.0.0.1:\(server.port)/a%20b?c=d")
        let request = ClientHTTPRequest(
            .post, url,
            headers: [.init("Authorization", .bearer(Secret("t.o.k"))), .init("Content-Type", .text("text/plain"))],
            body: Array("hello".utf8))
        _ = try http.send(request, until: .after(.seconds(60)))
        #expect(
            server.requests == [
                "POST /a%20b?c=d HTTP/1.1\r\nHost: 127.0.0.1:\(server.port)\r\nUser-Agent: test/1\r\n"
                    + "Connection: close\r\n"
                    + "Authorization: Bearer t.o.k\r\nContent-Type: text/plain\r\nContent-Length: 5\r\n\r\nhello"
            ])
    }

    @Test func `reaches localhost without a resolver`() throws {
        let server = ScriptedServer(Self.fine)
        let url = try HTTPURL(parsing: "http://localhost:\(server.port)")
        #expect(try http.send(ClientHTTPRequest(.get, url), until: .after(.seconds(60))).status == 200)
        #expect(server.requests[0].hasPrefix("GET / HTTP/1.1\r\n"))
    }

    @Test(.enabled(if: Loopback.hasIPv6, "there is no ::1 here"), arguments: ["localhost", "[::1]"])
    func `tries the next address, and speaks IPv6`(host: String) throws {
        // Nothing listens on 127.0.0.1 at this port, which localhost tries first.
        let server = ScriptedServer(Self.fine, onIPv6: true)
        let url = try HTTPURL(parsing: "http://\(host):\(server.port)/")
        #expect(try http.send(ClientHTTPRequest(.get, url), until: .after(.seconds(60))).status == 200)
        #expect(server.requests[0].contains("\r\nHost: \(host):\(server.port)\r\n"))
    }

    @Test func `says that nothing was sent when the connection is refused`() throws {
        let url = try HTTPURL(parsing: "http://127.0.0.1:\(Loopback.unusedPort())/")
        #expect {
            try http.send(ClientHTTPRequest(.get, url), until: .after(.seconds(60)))
        } throws: { error in
            guard case .notConnected(let host, let reason) = error as? ClientHTTPError else { return false }
            return host == url.authority && reason == "Connection refused"
                && (error as? ClientHTTPError)?.mayHaveBeenSent == false
        }
    }

    @Test func `says which name has no address`() throws {
        let url = try HTTPURL(parsing: "http://no-such-host.invalid/")
        #expect {
            try http.send(ClientHTTPRequest(.get, url), until: .after(.seconds(5)))
        } throws: { error in
            // Without a resolver at all the deadline may come first.
            switch error as? ClientHTTPError {
            case .nameNotResolved(host: "no-such-host.invalid", _), .timedOut(.resolving): true
            default: false
            }
        }
    }

    @Test func `takes a deadline that has passed for what it is`() throws {
        let server = ScriptedServer(Self.fine, then: .hold)
        let url = try HTTPURL(parsing: "http://127.0.0.1:\(server.port)/")
        #expect(throws: ClientHTTPError.timedOut(.receiving)) {
            try http.send(ClientHTTPRequest(.get, url), until: .after(.seconds(-1)))
        }
    }

    @Test(arguments: [("abc.DEF-_=", true), ("a b", false), ("a\r\nX: y", false), ("a\u{7F}", false), ("é", false)])
    func `knows which secrets can stand in a header`(text: String, isFit: Bool) {
        #expect(ClientHTTPRequest.isFitForHeader(Secret(text)) == isFit)
    }
}
