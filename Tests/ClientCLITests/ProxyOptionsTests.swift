import ClientHTTP
import Foundation
import Testing

@testable import ClientCLI

/// Which proxy is chosen, and from where.
@Suite struct ProxyOptionsTests {
    private func fixture(_ variables: [String: String]) -> Fixture {
        let fixture = Fixture()
        fixture.variables["VELA_ID_TOKEN_REQUEST_URL"] = "http://vela.example/id_token"
        fixture.variables["PARAMETER_GATEWAY_URL"] = "https://gateway.example"
        fixture.variables.merge(variables) { $1 }
        return fixture
    }

    private func servers(_ fixture: Fixture, flags: [Parameter: String] = [:]) -> (Servers?, [String]) {
        var reader = OptionsReader(
            Settings(flags: flags, environment: fixture.environment), environment: fixture.environment)
        let servers = reader.servers()
        return (servers, reader.faults.map(\.description))
    }

    /// Variables, and the proxies for Vela (http) and the gateway (https).
    private static let cases: [([String: String], String?, String?)] = [
        ([:], nil, nil),
        (["HTTPS_PROXY": "http://a:1"], nil, "a:1"), (["https_proxy": "http://a:1"], nil, "a:1"),
        (["HTTPS_PROXY": "a:1", "https_proxy": "b:2"], nil, "a:1"),
        (["http_proxy": "http://a:1"], "a:1", nil), (["HTTP_PROXY": "http://a:1"], nil, nil),
        (["PARAMETER_PROXY": "http://a:1"], "a:1", "a:1"), (["AWS_CREDENTIALS_PROXY": "http://a:1"], "a:1", "a:1"),
        (["PARAMETER_PROXY": "a:1", "HTTPS_PROXY": "b:2", "http_proxy": "b:2"], "a:1", "a:1"),
        (["PARAMETER_PROXY": "a:1", "NO_PROXY": "vela.example"], nil, "a:1"),
        (["PARAMETER_PROXY": "a:1", "no_proxy": "gateway.example"], "a:1", nil),
        (["PARAMETER_PROXY": "a:1", "NO_PROXY": "vela.example", "no_proxy": "gateway.example"], nil, "a:1"),
        (["PARAMETER_PROXY": "a:1", "PARAMETER_NO_PROXY": "*", "NO_PROXY": "x"], nil, nil),
        (["HTTPS_PROXY": "socks5://a:1", "NO_PROXY": "example"], nil, nil),
        (["HTTPS_PROXY": ""], nil, nil),
    ]

    @Test(arguments: cases.indices) func `chooses the proxy for each server`(index: Int) throws {
        let (variables, vela, gateway) = Self.cases[index]
        let servers = try #require(servers(fixture(variables)).0)
        #expect(servers.vela.proxy?.address == vela)
        #expect(servers.gatewayProxy?.address == gateway)
    }

    @Test(arguments: ["http://127.0.0.1:8080", "http://localhost:8080", "https://[::1]"])
    func `never gives a proxy what stays on this machine`(url: String) throws {
        let variables = ["PARAMETER_GATEWAY_URL": url, "PARAMETER_PROXY": "a:1"]
        #expect(try #require(servers(fixture(variables)).0).gatewayProxy == nil)
    }

    @Test func `refuses an address that is no proxy's once, without its password`() throws {
        let (servers, faults) = servers(fixture(["PARAMETER_PROXY": "https://u:sesame@a"]))
        #expect(servers == nil && faults.count == 1)
        #expect(faults[0].contains("the proxy (from PARAMETER_PROXY) must begin with http://"))
        #expect(!faults[0].contains("sesame"))
    }

    @Test func `takes a flag before all else, but no password from one`() {
        let fixture = fixture(["PARAMETER_PROXY": "b:2", "HTTPS_PROXY": "c:3"])
        #expect(servers(fixture, flags: [.proxy: "a:1"]).0?.gatewayProxy?.address == "a:1")
        let (servers, faults) = servers(fixture, flags: [.proxy: "http://u:sesame@a:1"])
        #expect(servers == nil && faults.count == 1 && faults[0].contains("every program of the machine can read"))
        #expect(!faults[0].contains("sesame"))
    }

    @Test(arguments: [
        ("PARAMETER_PROXY", "proxy", "http://u:sesame@b:2"), ("HTTPS_PROXY", "proxy", "http://u:sesame@b:2"),
        ("http_proxy", "proxy", "http://u:sesame@b:2"), ("NO_PROXY", "no_proxy", "gateway.example"),
    ])
    func `refuses a file that sends the token another way, and names both`(name: String, file: String, value: String)
        throws
    {
        let fixture = fixture([name: "http://u:open@a:1"])
        if name == "NO_PROXY" { fixture.variables["HTTPS_PROXY"] = "http://a:1" }
        try fixture.write("secrets", file, value)
        let (servers, faults) = servers(fixture)
        #expect(servers == nil && faults.count == 1, "\(faults)")
        let fault = try #require(faults.first)
        #expect(fault.contains("\(file) differs: \(name) says") && fault.contains("secrets/aws-credentials/\(file)"))
        #expect(!fault.contains("sesame") && (file == "no_proxy" || !fault.contains("open")))
    }

    @Test func `takes a file where nothing else is set, or that agrees`() throws {
        let fixture = fixture([:])
        try fixture.write("parameters", "proxy", "http://a:1\n")
        #expect(try #require(servers(fixture).0).gatewayProxy?.address == "a:1")
        fixture.variables["HTTPS_PROXY"] = "http://a:1"
        #expect(try #require(servers(fixture).0).gatewayProxy?.address == "a:1")
    }

    @Test(arguments: ["PARAMETER_PROXY", "HTTPS_PROXY"])
    func `shows no password at any level, and says whose turn it is`(name: String) {
        let fixture = fixture([name: "http://u:sesame@127.0.0.1:\(StandIn.unusedPort())"])
        fixture.variables["VELA_ID_TOKEN_REQUEST_URL"] = "https://vela.example/id_token"
        fixture.variables["PARAMETER_LOG_LEVEL"] = "trace"
        #expect(fixture.run() == 1)
        #expect(fixture.errors.contains("Vela is asked through the proxy 127.0.0.1:"))
        #expect(fixture.errors.contains("no connection to the proxy 127.0.0.1:"))
        #expect(fixture.errors.contains("Check the proxy's address (the parameter proxy, or HTTPS_PROXY)"))
        #expect(!fixture.errors.contains("sesame") && fixture.pauses.count == 2)
    }
}
