import MicroHTTPD
import Testing

@testable import Gateway

/// The settings of the issuer.
struct IssuerSettingsTests {
    private func read(_ given: [String: String]) -> (IssuerSettings?, [String]) {
        var settings = Settings(
            flags: given.map { (key: $0.key, value: $0.value) }, environment: [:], file: [], fileName: "")
        let issuer = settings.issuer()
        return (issuer, settings.faults)
    }

    @Test func `is none without settings, and has its defaults with two`() throws {
        #expect(read([:]) == (nil, []))
        let (issuer, faults) = read(["issuer_url": "https://ci.example.com/aws", "issuer_keys": "/keys"])
        let settings = try #require(issuer)
        #expect(faults.isEmpty && settings.url.path == "/aws" && settings.keys == KeyFiles(path: "/keys"))
        #expect(settings.tokenLifetime == .seconds(60) && settings.publishAhead == .seconds(86_400))
        #expect(settings.listen == nil)
    }

    @Test func `reads every setting`() throws {
        let (issuer, faults) = read([
            "issuer_url": "http://127.0.0.1:8081", "issuer_keys": "/keys", "issuer_keys_group_readable": "true",
            "issuer_token_lifetime": "300s", "issuer_publish_ahead": "0s", "issuer_listen": "127.0.0.1:0",
        ])
        let settings = try #require(issuer)
        #expect(faults.isEmpty && settings.keys.allowsGroup && settings.url.path.isEmpty)
        #expect(settings.tokenLifetime == .seconds(300) && settings.publishAhead == .zero)
        #expect(settings.listen == .ip(host: "127.0.0.1", port: 0))
    }

    @Test(arguments: [
        (["issuer_url": "https://ci.example.com"], "belong together"),
        (["issuer_keys": "/keys"], "belong together"), (["issuer_listen": "127.0.0.1:1"], "belong together"),
        (["issuer_publish_ahead": "1h"], "belong together"),
        (["issuer_url": "http://ci.example.com", "issuer_keys": "/k"], "http is for loopback only"),
        (["issuer_url": "https://ci.example.com:8443", "issuer_keys": "/k"], "AWS takes no port"),
        (["issuer_url": "https://ci.example.com:443/x", "issuer_keys": "/k"], "AWS takes no port"),
        (["issuer_url": "https://ci.example.com/", "issuer_keys": "/k"], "slash at the end"),
        (["issuer_url": "https://ci.example.com/x?y=1", "issuer_keys": "/k"], "no query"),
        (["issuer_url": "https://ci.example.com?y", "issuer_keys": "/k"], "no query"),
        (["issuer_url": "https://u@ci.example.com", "issuer_keys": "/k"], "issuer_url: "),
        (["issuer_url": "ci.example.com", "issuer_keys": "/k"], "must begin with https://"),
        (["issuer_url": "https://ci.example.com/" + String(repeating: "a", count: 240), "issuer_keys": "/k"], "255"),
        (["issuer_url": "https://c.example", "issuer_keys": "/k", "issuer_token_lifetime": "301s"], "10.0 seconds"),
        (["issuer_url": "https://c.example", "issuer_keys": "/k", "issuer_token_lifetime": "9s"], "10.0 seconds"),
        (["issuer_url": "https://c.example", "issuer_keys": "/k", "issuer_listen": "x"], "must be an address"),
    ])
    func `what AWS would not take is refused here, with what to write`(given: [String: String], words: String) {
        let (_, faults) = read(given)
        #expect(faults.count == 1 && faults[0].contains(words), "\(faults)")
    }
}
