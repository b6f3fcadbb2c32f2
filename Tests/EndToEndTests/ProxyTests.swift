import Foundation
import StrictJSON
import Testing

extension EndToEnd {
    /// The client behind a proxy.
    @Suite(.enabled(if: Requirement.tinyProxy && Requirement.python, "tinyproxy or .venv is missing"))
    struct `Proxy` {
        /// The client's parameters for a gateway of a private authority behind a proxy.
        private struct Way {
            let step: Stack.Step
            let gateway: String
            let parameters: [String: JSONValue]
        }

        private func way(_ scene: Scene, _ proxy: ProxyAccess) async throws -> Way {
            let stack = try await scene.stack()
            let authority = try await scene.authority("private")
            let gateway = try await scene.gateway(
                stack,
                settings: [
                    "GATEWAY_TLS_CERTIFICATE": authority.server.path, "GATEWAY_TLS_KEY": authority.key.path,
                    "GATEWAY_WHOAMI": "rules",
                ])
            // Loopback would be reached without the proxy.
            let address = gateway.service.replacing("127.0.0.1", with: "0.0.0.0")
            return Way(
                step: try await stack.step(), gateway: address,
                parameters: [
                    "gateway_ca": .string(authority.certificate.path), "proxy": .string(proxy.url),
                    "log_level": .string("trace"),
                ])
        }

        @Test func `the client gets credentials and sees its claims through a tunnel, and shows no password`()
            async throws
        {
            try await withScene { scene in
                let proxy = try await scene.proxy()
                let way = try await way(scene, proxy)
                let good = try await scene.client(way.step, way.gateway, way.parameters)
                #expect(good.status == 0, "\(good.errors)")
                #expect(try proxy.lines.contains("CONNECT \(way.gateway.dropFirst("https://".count))"))
                #expect(good.errors.contains("the gateway is asked through the proxy 127.0.0.1:"))

                let who = try await scene.client(way.step, way.gateway, way.parameters, arguments: ["whoami"])
                #expect(who.status == 0, "\(who.errors)")
                #expect(who.output.contains("\n  repo: octo-org/octo-repo\n"))
                #expect(who.output.contains("rules that could apply"))
                for said in [good.errors, good.output, who.errors, who.output] {
                    #expect(!said.contains(ProxyAccess.password))
                }
            }
        }

        @Test func `a wrong password and a wrong authority are told apart, with the remedy`() async throws {
            try await withScene { scene in
                let proxy = try await scene.proxy()
                var way = try await way(scene, proxy).parameters
                let stack = try await scene.stack()
                let step = try await stack.step()
                let other = try await scene.authority("other")
                let gateway = try await scene.gateway(
                    stack,
                    settings: [
                        "GATEWAY_TLS_CERTIFICATE": other.server.path, "GATEWAY_TLS_KEY": other.key.path,
                    ])
                let address = gateway.service.replacing("127.0.0.1", with: "0.0.0.0")
                let untrusted = try await scene.client(step, address, way)
                #expect(untrusted.status == 1 && untrusted.errors.contains("the certificate of 0.0.0.0 is not trusted"))
                way["proxy"] = .string(proxy.url.replacing(ProxyAccess.password, with: "wrong-canary"))
                let refused = try await scene.client(step, address, way)
                #expect(refused.status == 1 && refused.errors.contains("wants a user name and password"))
                #expect(!refused.errors.contains("wrong-canary"))
                #expect(try gateway.auditLines().filter { $0["request_id"] != nil }.isEmpty)
            }
        }
    }
}
