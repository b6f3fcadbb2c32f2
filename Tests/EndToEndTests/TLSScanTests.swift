import Foundation
import StrictJSON
import Testing

extension EndToEnd {
    /// The listener as a scanner sees it.
    @Suite struct `TLS scan` {
        /// sslyze tries every version, suite and curve that it knows and some old attacks, and compares the outcome with
        /// what Mozilla recommends ("intermediate"). It reaches nothing but the gateway.
        @Test(.enabled(if: Requirement.sslyze, "run Scripts/install-dependencies test"), arguments: ["ec", "rsa:2048"])
        func `sslyze finds nothing wrong with the listener`(key: String) async throws {
            try await withScene { scene in
                let stack = try await scene.stack()
                let authority = try await scene.authority("authority")
                let leaf = try await scene.leaf(of: authority, "localhost", days: 90, key: key)
                let gateway = try await scene.gateway(
                    stack,
                    settings: [
                        "GATEWAY_TLS_CERTIFICATE": leaf.certificate.path, "GATEWAY_TLS_KEY": leaf.key.path,
                    ])
                let address = String(gateway.service.dropFirst("https://".count))
                let scan = try await scene.run(
                    Programs.python("sslyze"),
                    [
                        "--mozilla_config", "intermediate", "--certinfo_ca_file", authority.certificate.path, address,
                    ], name: "sslyze")
                #expect(scan.status == 0, "\(scan.output.suffix(3000)) \(scan.errors.suffix(1000))")
                #expect(scan.output.contains("OK - Compliant"))
                // The gateway is as well as before.
                #expect(try await gateway.readyz().status == 200)
            }
        }
    }
}
