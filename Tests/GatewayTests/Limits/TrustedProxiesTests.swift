import MicroHTTPD
import Testing

@testable import Gateway

/// Whose address counts when proxies stand in between.
struct TrustedProxiesTests {
    private let proxies = TrustedProxies(setting: "10.0.0.0/8, 192.0.2.7,2001:db8::/32")

    @Test(
        arguments: [
            ([10, 1, 2, 3], "198.51.100.9", "198.51.100.9"),
            ([192, 0, 2, 7], "198.51.100.9", "198.51.100.9"),
            // Nobody trusts this peer, whatever it says.
            ([192, 0, 2, 8], "198.51.100.9", "192.0.2.8"),
            // Only what stands behind the last untrusted address was written by trusted ones.
            ([10, 0, 0, 1], "203.0.113.5, 198.51.100.9, 10.9.9.9", "198.51.100.9"),
            ([10, 0, 0, 1], "10.0.0.3,10.0.0.2", "10.0.0.3"),
            ([10, 0, 0, 1], "2001:db8::1, 2001:db9::1,\t2001:db8::2", "2001:db9::1"),
            ([10, 0, 0, 1], "::ffff:198.51.100.9", "198.51.100.9"),
            // Unreadable: what is known so far.
            ([10, 0, 0, 1], "198.51.100.9, unknown, 10.0.0.2", "10.0.0.2"),
            ([10, 0, 0, 1], "198.51.100.9:8080", "10.0.0.1"),
            ([10, 0, 0, 1], "", "10.0.0.1"),
            ([10, 0, 0, 1], "a,", "10.0.0.1"),
        ] as [([UInt8], String, String)])
    func `takes the right-most address that is not a trusted proxy's`(
        _ peer: [UInt8], _ forwardedFor: String, _ source: String
    ) throws {
        let proxies = try #require(proxies)
        let found = proxies.source(of: PeerAddress(bytes: peer, port: 5), forwardedFor: forwardedFor)
        #expect(found.host == source)
        #expect(proxies.source(of: PeerAddress(bytes: peer, port: 5), forwardedFor: nil).bytes == peer)
    }

    @Test func `trusts nobody unless told`() {
        let source = TrustedProxies.none.source(of: .loopback, forwardedFor: "198.51.100.9")
        #expect(source == .loopback)
        #expect(TrustedProxies.none.source(of: .unix, forwardedFor: "198.51.100.9") == .unix)
    }

    @Test func `trusts a proxy at the Unix socket by name`() throws {
        let proxies = try #require(TrustedProxies(setting: "unix"))
        #expect(proxies.source(of: .unix, forwardedFor: "198.51.100.9").host == "198.51.100.9")
        #expect(proxies.source(of: .loopback, forwardedFor: "198.51.100.9") == .loopback)
    }

    @Test(arguments: [
        "", "10.0.0.0/8,", "10.0.0.1/8", "10.0.0.0/33", "0.0.0.0/0", "10.0.0.0/-1", "10.0.0/8", "proxy", "10.0.0.0/8/8",
        "::/0",
    ])
    func `refuses what is no network, or all of them`(_ text: String) { #expect(TrustedProxies(setting: text) == nil) }
}
