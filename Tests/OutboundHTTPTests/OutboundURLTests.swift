import OutboundHTTP
import Testing

struct OutboundURLTests {
    @Test(arguments: [
        ("https://sts.us-east-1.amazonaws.com", "https://sts.us-east-1.amazonaws.com/"),
        ("HTTPS://Sts.US-East-1.AmazonAWS.com:443/", "https://sts.us-east-1.amazonaws.com/"),
        (
            "https://vela.example.com:8443/_services/token?a=b%20c",
            "https://vela.example.com:8443/_services/token?a=b%20c"
        ),
        ("https://example.com?x=1", "https://example.com/?x=1"),
        ("https://[2001:DB8::1]:444/x", "https://[2001:db8::1]:444/x"),
        ("http://127.0.0.1:8080/x", "http://127.0.0.1:8080/x"),
        ("http://127.9.9.9/", "http://127.9.9.9/"),
        ("http://[::1]:80/", "http://[::1]/"),
        ("http://localhost:9/", "http://localhost:9/"),
    ])
    func `takes an address and writes it in its normal form`(text: String, normal: String) throws {
        #expect(try OutboundURL(parsing: text).description == normal)
    }

    @Test func `takes itself apart`() throws {
        let url = try OutboundURL(parsing: "https://[::1]:8443/a?b")
        #expect(url.scheme == "https" && url.host == "::1" && url.port == 8443 && url.target == "/a?b")
        #expect(url.authority == "[::1]:8443" && !url.hasDefaultPort)
    }

    @Test(arguments: [
        "http://example.com/", "http://127.0.0.1.evil.example/", "http://localhost.evil.example/",
        "http://128.0.0.1/", "http://[::2]/", "http://[::ffff:127.0.0.1]/",
    ])
    func `refuses http off loopback unless it is allowed`(text: String) throws {
        #expect(throws: OutboundURLError.self) { try OutboundURL(parsing: text) }
        #expect(try OutboundURL(parsing: text, allowingPlaintext: true).scheme == "http")
    }

    @Test(arguments: [
        ("", OutboundURLError.scheme), ("example.com", .scheme), ("ftp://example.com/", .scheme), ("https:/x", .scheme),
        ("file:///etc/passwd", .scheme), (" https://example.com", .character(0x20)),
        ("https://user@example.com/", .userInformation), ("https://a:b@example.com/", .userInformation),
        ("https://example.com/#x", .fragment), ("https://example.com/\u{0}", .character(0)),
        ("https://example.com/\r\nX: y", .character(13)), ("https://example.com\\@evil.example/", .character(92)),
        ("https://exämple.com/", .character(0xC3)), ("https://example.com/%", .character(37)),
        ("https://example.com/%2", .character(37)), ("https://example.com/%2g", .character(37)),
        ("https:///x", .host("")), ("https://a..b/", .host("a..b")), ("https://a.b./", .host("a.b.")),
        ("https://-a.b/", .host("-a.b")), ("https://a%2eb/", .host("a%2eb")),
        ("https://0x7f.1/", .host("0x7f.1")), ("https://2130706433/", .host("2130706433")),
        ("https://127.1/", .host("127.1")), ("https://0177.0.0.1/", .host("0177.0.0.1")),
        ("https://256.0.0.1/", .host("256.0.0.1")), ("https://a.0x7f/", .host("a.0x7f")),
        ("https://[::1/", .host("[::1")), ("https://[::1]x/", .host("[::1]x")),
        ("https://[fe80::1%25eth0]/", .host("[fe80::1%25eth0]")),
        ("https://[1.2.3.4]/", .host("[1.2.3.4]")), ("https://a:/", .port("")), ("https://a:0/", .port("0")),
        ("https://a:65536/", .port("65536")), ("https://a:+1/", .port("+1")), ("https://a:1:2/", .port("1:2")),
    ])
    func `refuses what could be read in two ways`(text: String, error: OutboundURLError) {
        #expect(throws: error) { try OutboundURL(parsing: text, allowingPlaintext: true) }
    }

    @Test func `refuses an address beyond its bound`() throws {
        let room = OutboundURL.maximumLength - "https://a.example/".utf8.count
        #expect(throws: Never.self) {
            try OutboundURL(parsing: "https://a.example/" + String(repeating: "x", count: room))
        }
        #expect(throws: OutboundURLError.tooLong(limit: OutboundURL.maximumLength)) {
            try OutboundURL(parsing: "https://a.example/" + String(repeating: "x", count: room + 1))
        }
    }
}
