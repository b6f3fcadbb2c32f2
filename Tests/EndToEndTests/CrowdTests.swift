import Foundation
import StrictJSON
import Testing

extension EndToEnd {
    /// Many hostile callers at once.
    @Suite struct `crowds` {
        @Test(.enabled(if: Requirement.python, "run Scripts/install-dependencies test"), arguments: ["head", "body"])
        func `three hundred slow callers are cut again and again, and nobody else notices`(part: String) async throws {
            try await withScene { scene in
                let stack = try await scene.stack()
                let gateway = try await scene.gateway(stack)
                let crowd = try await scene.crowd(
                    ["slow", "--target", String(gateway.service.dropFirst("http://".count)), "--connections", "300"]
                        + (part == "body" ? ["--body"] : []))
                try await poll("the crowd") {
                    try await gateway.metric(#"vela_gateway_http_connections{listener="service"}"#) ?? 0 >= 300
                        ? true : nil
                }
                for _ in 0..<50 { #expect(try await gateway.exchange(try await stack.token()).status == 200) }
                #expect(try await gateway.readyz().status == 200)
                // Every one of them, each after the five seconds that it is given.
                try await poll("the cuts") {
                    try await gateway.metric(Self.ended("service", "slow")) ?? 0 >= 300 ? true : nil
                }
                #expect(try await gateway.exchange(try await stack.token()).status == 200)
                await crowd.end()
                try await poll("the end of the connections") {
                    try await gateway.metric(#"vela_gateway_http_connections{listener="service"}"#) ?? 9 <= 2
                        ? true : nil
                }
            }
        }

        @Test(.enabled(if: Requirement.python, "run Scripts/install-dependencies test"))
        func `whoever holds the health listener's connections does not hide the gateway's health`() async throws {
            try await withScene { scene in
                let stack = try await scene.stack()
                let gateway = try await scene.gateway(stack)
                _ = try await scene.crowd([
                    "slow", "--target", String(gateway.health.dropFirst("http://".count)), "--connections", "100",
                    "--from", "127.0.0.2",
                ])
                try await poll("connections turned away") {
                    try await gateway.metric(Self.ended("health", "address_limit")) ?? 0 >= 84 ? true : nil
                }
                for _ in 0..<50 {
                    #expect(try await gateway.readyz().status == 200)
                    #expect(try await http(gateway.health + "/livez").status == 200)
                }
                #expect(try await gateway.exchange(try await stack.token()).status == 200)
                try await poll("the cuts") {
                    try await gateway.metric(Self.ended("health", "slow")) ?? 0 >= 16 ? true : nil
                }
            }
        }

        @Test(.enabled(if: Requirement.python, "run Scripts/install-dependencies test"))
        func `ten thousand tokens with random key ids cause one fetch of the keys in a cool-down`() async throws {
            try await withScene { scene in
                let stack = try await scene.stack()
                let began = ContinuousClock.now
                // Its start is the first fetch, and begins the first cool-down.
                let gateway = try await scene.gateway(stack)
                let good = try await stack.token()
                let tokenFile = try scene.write(good, to: "token")
                let crowd = try await scene.crowd([
                    "kids", "--target", String(gateway.service.dropFirst("http://".count)), "--token-file",
                    tokenFile.path, "--count", "10000",
                ])
                // Meanwhile a key that is known needs no fetch.
                for _ in 0..<20 { #expect(try await gateway.exchange(good).status == 200) }
                #expect(try await crowd.finish() == 0, "\(crowd.errors)")
                let coolDowns = Int((ContinuousClock.now - began).components.seconds) / 10 + 1
                let counts = try await http(stack.vela + "/_dev/counts").object
                for document in ["discovery", "jwks"] {
                    let fetches = Int(try #require(counts[document]?.integer))
                    #expect((1...coolDowns).contains(fetches), "\(document): \(fetches) in \(coolDowns) cool-downs")
                }
                let summary = try #require(try JSONValue(parsing: Array(crowd.output.utf8)).object)
                let codes = try #require(summary["codes"]?.object)
                let told = codes.members.filter { ["keys_unavailable", "token_unknown_key"].contains($0.name) }
                #expect(told.compactMap(\.value.integer).reduce(0, +) == 10_000, "\(crowd.output)")
                print("random key ids: \(crowd.output)")
            }
        }

        private static func ended(_ listener: String, _ reason: String) -> String {
            #"vela_gateway_http_connections_ended_total{listener="\#(listener)",reason="\#(reason)"}"#
        }
    }
}

extension Scene {
    /// Starts the script of hostile callers.
    fileprivate func crowd(_ arguments: [String]) throws -> Child {
        let script = Programs.root.appending(path: "Tests/EndToEndTests/Support/crowd.py")
        return try start(Programs.python(), ["-B", script.path] + arguments, name: "crowd")
    }
}
