import Foundation
import Testing

extension EndToEnd {
    /// The commands that only check.
    @Suite struct `commands` {
        private static let issuer = "https://vela.example.com/_services/token"

        @Test func `check-config takes a good configuration and names every fault of a bad one`() async throws {
            try await withScene { scene in
                let policy = try scene.write(Policy.usual(Self.issuer), to: "policy.yaml")
                let good = try await scene.run(
                    Programs.gateway, ["check-config"], variables: ["GATEWAY_POLICY": policy.path], name: "check")
                #expect(good.status == 0, "\(good.errors)")
                #expect(good.output.contains("configuration is valid"))
                #expect(good.output.contains("1 rules"))

                let bad = try await scene.run(
                    Programs.gateway, ["check-config"],
                    variables: [
                        "GATEWAY_LISTEN": "0.0.0.0:8080", "GATEWAY_DRAIN_DELAY": "soon", "GATEWAY_LISSEN": "x",
                        "GATEWAY_AUDIT": "syslog",
                    ], name: "check")
                #expect(bad.status != 0)
                let words = [
                    "GATEWAY_DRAIN_DELAY", "GATEWAY_LISSEN", "unknown setting", "GATEWAY_AUDIT", "GATEWAY_POLICY",
                    "allow_plaintext",
                ]
                for word in words { #expect(bad.errors.contains(word), "\(word) is not named: \(bad.errors)") }
            }
        }

        @Test func `policy check takes a good policy and gives file and line of each fault`() async throws {
            try await withScene { scene in
                let good = try scene.write(Policy.usual(Self.issuer), to: "good.yaml")
                let checked = try await scene.run(Programs.gateway, ["policy", "check", good.path], name: "check")
                #expect(checked.status == 0, "\(checked.errors)")
                #expect(checked.output.contains("1 issuers, 1 rules, no faults"))

                let text = Policy.usual(Self.issuer)
                    .replacing("issuer: vela", with: "issuer: nobody")
                    .replacing("role/test", with: "user/test")
                    .replacing("    max_duration", with: "    maximum_duration")
                let bad = try scene.write(text, to: "bad.yaml")
                let faulty = try await scene.run(Programs.gateway, ["policy", "check", bad.path], name: "check")
                #expect(faulty.status != 0)
                #expect(faulty.output.isEmpty)
                for word in ["bad.yaml:9", "nobody", "user/test", "maximum_duration"] {
                    #expect(faulty.errors.contains(word), "\(word) is not named: \(faulty.errors)")
                }
            }
        }

        @Test func `policy lint says what is dangerous by its exit status, and takes no for an answer`() async throws {
            try await withScene { scene in
                let policy = try scene.write(Policy.load(Self.issuer), to: "policy.yaml")
                let found = try await scene.run(Programs.gateway, ["policy", "lint", policy.path], name: "lint")
                #expect(found.status == 1, "\(found.errors)")
                let lines = found.output.split(separator: "\n")
                #expect(lines.dropLast().allSatisfy { $0.hasPrefix("policy.yaml:") }, "\(found.output)")
                #expect(lines.last?.contains("1 rules, \(lines.count - 1) findings") == true)

                let kinds = lines.dropLast().map { String($0.split(separator: ": ")[2]) }
                let accepted = try await scene.run(
                    Programs.gateway, ["policy", "lint", policy.path, "--json"] + kinds.flatMap { ["--allow", $0] },
                    name: "lint")
                #expect(accepted.status == 0, "\(accepted.output) \(accepted.errors)")
                #expect(accepted.output.contains("\"accepted\":\(lines.count - 1),\"findings\":[]"))

                let wrong = try await scene.run(
                    Programs.gateway, ["policy", "lint", policy.path, "--allow", "everything"], name: "lint")
                #expect(wrong.status == 64 && wrong.errors.contains("role-wildcard"), "\(wrong.errors)")
            }
        }

        @Test func `a gateway with a faulty policy does not start`() async throws {
            try await withScene { scene in
                let policy = try scene.write("version: 1\nrules: []\n", to: "policy.yaml")
                let run = try await scene.run(
                    Programs.gateway, ["serve"],
                    variables: [
                        "GATEWAY_POLICY": policy.path, "GATEWAY_LISTEN": "127.0.0.1:0",
                        "GATEWAY_HEALTH_LISTEN": "127.0.0.1:0", "GATEWAY_ADMIN_LISTEN": "off",
                    ], name: "gateway")
                #expect(run.status != 0)
                #expect(run.errors.contains("policy.yaml"), "\(run.errors)")
            }
        }
    }
}
