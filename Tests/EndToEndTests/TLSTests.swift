import Foundation
import StrictJSON
import Testing

extension EndToEnd {
    /// The service over TLS, its certificate from a private authority.
    @Suite struct `TLS` {
        @Test func `the client trusts the authority it is given and no other, before and after a renewal`() async throws
        {
            try await withScene { scene in
                let stack = try await scene.stack()
                let first = try await scene.authority("first")
                let second = try await scene.authority("second")
                let (certificate, key) = (scene.file("tls.pem"), scene.file("tls-key.pem"))
                try install(first, certificate, key)
                let gateway = try await scene.gateway(
                    stack, settings: ["GATEWAY_TLS_CERTIFICATE": certificate.path, "GATEWAY_TLS_KEY": key.path])
                #expect(gateway.service.hasPrefix("https://127.0.0.1:"))
                try await expect(first, andNot: second, scene, stack, gateway)

                try install(second, certificate, key)
                gateway.child.send(signal: SIGHUP)
                try await poll("the new certificate") {
                    gateway.child.errors.contains("certificate reloaded") ? true : nil
                }
                try await expect(second, andNot: first, scene, stack, gateway)

                try Data("junk".utf8).write(to: certificate)
                gateway.child.send(signal: SIGHUP)
                try await poll("the complaint") {
                    gateway.child.errors.contains("the certificate was not reloaded; the one in use stays") ? true : nil
                }
                try await expect(second, andNot: first, scene, stack, gateway)
            }
        }

        private func install(_ authority: Authority, _ certificate: URL, _ key: URL) throws {
            try Data(contentsOf: authority.server).write(to: certificate)
            try Data(contentsOf: authority.key).write(to: key)
        }

        private func expect(
            _ trusted: Authority, andNot other: Authority, _ scene: Scene, _ stack: Stack, _ gateway: Gateway
        ) async throws {
            let good = try await run(trusted.certificate, scene, stack, gateway)
            #expect(good.status == 0, "\(good.errors)")
            let bad = try await run(other.certificate, scene, stack, gateway)
            #expect(bad.status == 1)
            #expect(bad.errors.contains("certificate"), "\(bad.errors)")
            #expect(bad.errors.contains("set gateway_ca"), "the remedy is missing: \(bad.errors)")
        }

        private func run(
            _ authority: URL, _ scene: Scene, _ stack: Stack, _ gateway: Gateway
        ) async throws -> Child.Ended {
            try await scene.client(
                try await stack.step(), gateway.service, ["gateway_ca": .string(authority.path)])
        }
    }
}
