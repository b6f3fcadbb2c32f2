import ExchangeCore
import Testing

@Suite struct IssuerURLTests {
    @Test(arguments: [
        "https://vela.example.com/_services/token", "https://vela.example.com:8443", "https://192.0.2.1/x?y=z",
        "https://[2001:db8::1]:443/x", "http://localhost", "http://127.0.0.1:8080/x", "http://127.1.2.3",
        "http://[::1]:80/x",
    ])
    func `takes https, and http on loopback`(_ text: String) throws {
        let url = try IssuerURL(parsing: text, allowPlaintext: false)
        #expect(url.description == text)
        #expect(url.isPlaintext == text.hasPrefix("http:"))
        #expect(url.isLoopback == text.hasPrefix("http:"))
    }

    @Test(arguments: [
        "http://vela.example.com", "http://127.0.0.1.evil.example", "http://localhost.evil.example",
        "http://127.0.0.256",
        "http://127.1", "http://0.0.0.0", "http://[::]", "http://[::ffff:127.0.0.1]", "http://128.0.0.1",
    ])
    func `takes http elsewhere only where it is allowed`(_ text: String) throws {
        #expect(throws: IssuerURLFault.plaintext) { try IssuerURL(parsing: text, allowPlaintext: false) }
        #expect(try IssuerURL(parsing: text, allowPlaintext: true).isLoopback == false)
    }

    @Test(arguments: [
        "", "https://", "https:///x", "vela.example.com", "//vela.example.com", "ftp://x", "file:///etc/passwd",
        "HTTPS://x",
        "https://user@x", "https://user:pass@x/", "https://x#y", "https://x:0", "https://x:65536", "https://x:",
        "https://x:8a",
        "https://x:+80", "https://x y", "https://x\n", "https://x\\@y", "https://é.example", "https://x/\u{7F}",
        "https://[::1",
        "https://[::1]x", "https://[g]/", "https://x%00y", "https://x_y",
        "https://x/" + String(repeating: "y", count: 2048), "https://" + String(repeating: "y", count: 256),
    ])
    func `refuses what is no such URL`(_ text: String) {
        #expect(throws: IssuerURLFault.self) { try IssuerURL(parsing: text, allowPlaintext: true) }
    }
}
