import ClientHTTP
import Testing

@Suite struct HTTPURLTests {
    @Test(arguments: [
        ("https://gw.example.com", "https://gw.example.com", "/"),
        ("HTTPS://GW.Example.com:443/a/b", "https://gw.example.com", "/a/b"),
        ("http://gw:8080/a?b=c&d", "http://gw:8080", "/a?b=c&d"),
        ("https://gw?b", "https://gw", "/?b"),
        ("https://[::1]:8443/", "https://[::1]:8443", "/"),
        ("https://10.1.2.3/x%2Fy", "https://10.1.2.3", "/x%2Fy"),
        ("https://my_host.internal", "https://my_host.internal", "/"),
    ])
    func `keeps a URL as it was written`(text: String, origin: String, target: String) throws {
        let url = try HTTPURL(parsing: text)
        #expect(url.origin == origin)
        #expect(url.target == target)
    }

    @Test(arguments: [
        "", "gw.example.com", "ftp://gw", "https:/gw", "https://", "https:///path", "https://user@gw",
        "https://user:pw@gw",
        "https://gw#f", "https://gw:0", "https://gw:65536", "https://gw:", "https://gw:8o", "https://gw:+80",
        "https://a b",
        "https://gw/a b", "https://gw/\r\nX: y", "https://gw\\x", "https://gw/é", "https://127.1", "https://2130706433",
        "https://0x7f000001", "https://1.2.3.256", "https://gw..com", "https://gw.", "https://-gw", "https://[::1",
        "https://[::1]x",
        "https://[127.0.0.1]", "https://[fe80::1%25eth0]", "https://gw/%", "https://gw/%2", "https://gw/%zz",
        " https://gw",
        "https://gw\n",
    ])
    func `refuses what readers take differently`(text: String) {
        #expect(throws: HTTPURL.Fault.self) { try HTTPURL(parsing: text) }
    }

    @Test(arguments: [
        ("https://v/id_token", "/id_token?audience=a%20b%26c"),
        ("https://v/id_token?x=1", "/id_token?x=1&audience=a%20b%26c"),
        ("https://v?", "/?audience=a%20b%26c"), ("https://v/?x&", "/?x&audience=a%20b%26c"),
    ])
    func `appends to the query that is there`(text: String, target: String) throws {
        #expect(try HTTPURL(parsing: text).appendingQuery("audience", "a b&c").target == target)
    }

    @Test(arguments: [
        ("https://g", "/v1/c"), ("https://g/", "/v1/c"), ("https://g/p", "/p/v1/c"), ("https://g/p/", "/p/v1/c"),
    ])
    func `appends to the path that is there`(text: String, target: String) throws {
        #expect(try HTTPURL(parsing: text).appendingPath("v1/c").target == target)
    }

    @Test(arguments: [
        ("http://127.0.0.1", true), ("http://127.9.9.9", true), ("http://[::1]", true), ("http://localhost", true),
        ("http://127.0.0.1.evil.example", false), ("http://localhost.evil.example", false), ("http://10.0.0.1", false),
        ("http://[::ffff:127.0.0.1]", false),
    ])
    func `knows loopback by the whole host`(text: String, isLoopback: Bool) throws {
        #expect(try HTTPURL(parsing: text).host.isLoopback == isLoopback)
    }
}
