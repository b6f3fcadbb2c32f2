import MicroHTTPD
import Testing

@testable import Gateway

/// Who may speak to the administrator's listener, by Host and Origin.
struct OwnHostTests {
    private let own = OwnHost(.ip(host: "127.0.0.1", port: 9091))

    @Test(arguments: ["localhost:9091", "127.0.0.1:9091", "[::1]:9091", "LocalHost:9091"])
    func `answers to its own names with its port`(_ host: String) {
        #expect(own.names(host))
    }

    @Test(arguments: [
        nil, "", "localhost", "localhost:", "127.0.0.1", "[::1]", "localhost:9092", "127.0.0.1:80", "evil.example:9091",
        "127.0.0.1.evil.example:9091", "localhost.evil.example:9091", "evil-localhost:9091", "localhost.:9091",
        "0.0.0.0:9091", "[::]:9091", "::1:9091", "127.1:9091", "2130706433:9091", "localhost:09091x", "localhost:+9091",
        "localhost:9091:9091", " localhost:9091", "user@localhost:9091", "[::1%lo]:9091", "127.0.0.2:9091",
    ])
    func `answers to nothing else, so that a name that was pointed at it gets nothing`(_ host: String?) {
        #expect(!own.names(host))
    }

    @Test func `a port that the system chose counts once it is known`() {
        let own = OwnHost(.ip(host: "127.0.0.1", port: 0))
        #expect(!own.names("localhost:0") && !own.names("localhost:41234"))
        own.bound(to: 41_234)
        #expect(own.names("localhost:41234") && !own.names("localhost:0"))
    }

    @Test func `another address of loopback is answered to where it is configured`() {
        #expect(OwnHost(.ip(host: "127.0.0.2", port: 9091)).names("127.0.0.2:9091"))
    }

    @Test func `behind a Unix socket any port is, and no other name`() {
        let own = OwnHost(.unix(path: "/run/admin.sock"))
        #expect(own.names("localhost") && own.names("localhost:9091") && own.names("[::1]:8"))
        #expect(!own.names("evil.example") && !own.names("evil.example:9091") && !own.names(nil))
    }

    @Test func `a POST comes from its own pages`() {
        #expect(OwnHost.isOrigin("http://localhost:9091", at: "localhost:9091"))
        #expect(OwnHost.isOrigin("http://LOCALHOST:9091", at: "localhost:9091"))
        for foreign in [
            nil, "", "null", "http://evil.example", "https://localhost:9091", "http://localhost:9092",
            "http://localhost", "http://127.0.0.1:9091", "http://localhost:9091/", "http://localhost:9091.evil.example",
        ] {
            #expect(!OwnHost.isOrigin(foreign, at: "localhost:9091"), "\(foreign ?? "none")")
        }
        #expect(!OwnHost.isOrigin("http://localhost:9091", at: nil))
    }
}
