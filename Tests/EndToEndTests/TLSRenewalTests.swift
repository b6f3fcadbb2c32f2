import Foundation
import StrictJSON
import Testing

extension EndToEnd {
    /// The certificate is renewed while the gateway works, and a bad one changes nothing.
    @Suite struct `TLS renewal` {
        @Test(.enabled(if: Requirement.python, "run Scripts/install-dependencies test"))
        func `swaps of the mounted secret under load drop no connection and fail no exchange`() async throws {
            try await withScene { scene in
                let stack = try await scene.stack(verify: false)
                let authority = try await scene.authority("authority")
                let secret = try MountedSecret(in: scene.file("tls"), authority.server, authority.key)
                let gateway = try await scene.gateway(
                    stack, policy: Policy.load(stack.issuer), settings: secret.settings)
                let stop = scene.file("stop")
                let load = try await scene.load(
                    stack, gateway, exchanges: 1_000_000,
                    options: ["--ca", authority.certificate.path, "--connections", "16", "--until-file", stop.path])
                for round in 1...3 {
                    // In the first two rounds without a signal: the change is noticed. Each is seen by a new connection.
                    let leaf = try await scene.leaf(of: authority, "round-\(round)")
                    let before = try gateway.allowedKeys().count
                    try secret.swap(leaf.certificate, leaf.key)
                    if round == 3 { gateway.child.send(signal: SIGHUP) }
                    try await poll("the new certificate") {
                        try await scene.presented(gateway).contains("CN = round-\(round)") ? true : nil
                    }
                    try await poll("exchanges after it") { try gateway.allowedKeys().count > before + 50 ? true : nil }
                }
                try scene.write("", to: "stop")
                let status = try await load.child.finish()
                let summary = try load.summary()
                #expect(status == 0, "\(load.child.output) \(load.child.errors)")
                #expect(summary["connections_opened"]?.integer == 16 && summary["resent"]?.integer == 0, "\(summary)")
                #expect(try await gateway.metric(#"vela_gateway_tls_reloads_total{result="replaced"}"#) == 3)
                print("TLS renewal: \(load.child.output)")
            }
        }

        @Test func `a pair that does not fit, has expired or cannot be read is refused, and the old one stays`()
            async throws
        {
            try await withScene { scene in
                let stack = try await scene.stack()
                let authority = try await scene.authority("authority")
                let secret = try MountedSecret(in: scene.file("tls"), authority.server, authority.key)
                let gateway = try await scene.gateway(stack, settings: secret.settings)
                let other = try await scene.leaf(of: authority, "other")
                let expired = try await scene.leaf(of: authority, "expired", days: -1)
                let junk = try scene.write("junk", to: "junk.pem")
                let bad = [
                    (other.certificate, authority.key), (expired.certificate, expired.key), (junk, authority.key),
                    (authority.server, junk),
                ]
                for (certificate, key) in bad {
                    let failures = try await gateway.failedReloads() ?? 0
                    try secret.swap(certificate, key)
                    gateway.child.send(signal: SIGHUP)
                    try await poll("the complaint") {
                        try await gateway.failedReloads() ?? 0 > failures ? true : nil
                    }
                    #expect(try await scene.presented(gateway).contains("CN = server"))
                }
                // Without a signal: files that are gone look different too.
                try FileManager.default.removeItem(at: secret.folder.appending(path: "..data"))
                for cause in ["do not match", "expired at", "cannot use the TLS certificate", "cannot read"] {
                    try await poll(cause) { gateway.child.errors.contains(cause) ? true : nil }
                }
                #expect(gateway.child.errors.contains("the certificate was not reloaded; the one in use stays"))
                let run = try await scene.client(
                    try await stack.step(), gateway.service, ["gateway_ca": .string(authority.certificate.path)])
                #expect(run.status == 0, "\(run.errors)")
            }
        }

        @Test func `the metric tells when the certificate that is served expires`() async throws {
            try await withScene { scene in
                let stack = try await scene.stack()
                let authority = try await scene.authority("authority")
                let secret = try MountedSecret(in: scene.file("tls"), authority.server, authority.key)
                let gateway = try await scene.gateway(stack, settings: secret.settings)
                let first = try await scene.expiry(of: authority.server)
                #expect(try await gateway.certificateExpiry() == first)
                let longer = try await scene.leaf(of: authority, "longer", days: 30)
                try secret.swap(longer.certificate, longer.key)
                gateway.child.send(signal: SIGHUP)
                let second = try await scene.expiry(of: longer.certificate)
                #expect(second > first)
                try await poll("the new time") { try await gateway.certificateExpiry() == second ? true : nil }
            }
        }

        @Test func `with an expired certificate it does not start, and says what to do`() async throws {
            try await withScene { scene in
                let stack = try await scene.stack()
                let expired = try await scene.leaf(of: try await scene.authority("authority"), "expired", days: -1)
                let variables = [
                    "GATEWAY_LISTEN": "127.0.0.1:0", "GATEWAY_HEALTH_LISTEN": "127.0.0.1:0",
                    "GATEWAY_ADMIN_LISTEN": "off",
                    "GATEWAY_POLICY": try scene.write(Policy.usual(stack.issuer), to: "policy.yaml").path,
                    "GATEWAY_TLS_CERTIFICATE": expired.certificate.path, "GATEWAY_TLS_KEY": expired.key.path,
                ]
                for command in ["serve", "check-config"] {
                    let run = try await scene.run(Programs.gateway, [command], variables: variables, name: command)
                    #expect(run.status != 0 && run.errors.contains("put a renewed pair in its place"), "\(run.errors)")
                }
            }
        }
    }
}

extension Scene {
    /// What openssl shows of the certificate that a new connection gets.
    fileprivate func presented(_ gateway: Gateway) async throws -> String {
        let address = String(gateway.service.dropFirst("https://".count))
        return try await run(
            URL(filePath: "/bin/sh"),
            ["-c", "openssl s_client -connect \"$0\" </dev/null | openssl x509 -noout -subject", address],
            name: "s_client"
        ).output
    }

    /// When a certificate expires, in seconds since 1970, as openssl and date read it.
    fileprivate func expiry(of certificate: URL) async throws -> Double {
        let script = "date -u +%s -d \"$(openssl x509 -noout -enddate -in \"$0\" | cut -d= -f2)\""
        let run = try await run(URL(filePath: "/bin/sh"), ["-c", script, certificate.path], name: "enddate")
        guard let seconds = Double(run.output.filter { $0 != "\n" }) else { throw Unexpected(run.errors) }
        return seconds
    }
}

extension Gateway {
    fileprivate func failedReloads() async throws -> Double? {
        try await metric(#"vela_gateway_tls_reloads_total{result="failed"}"#)
    }

    fileprivate func certificateExpiry() async throws -> Double? {
        try await metric("vela_gateway_tls_certificate_expiry_timestamp_seconds")
    }
}
