import Foundation
import StrictJSON
import Testing

extension EndToEnd {
    /// Many exchanges at once. The script checks each answer against its own request; the audit is checked here.
    @Suite struct `load` {
        @Test(.enabled(if: Requirement.python, "run Scripts/install-dependencies test"))
        func `ten thousand exchanges on 64 connections get each their own answer and one audit record`() async throws {
            try await withScene { scene in
                let stack = try await scene.stack(verify: false)
                let gateway = try await scene.gateway(stack, policy: Policy.load(stack.issuer))
                let load = try await scene.load(stack, gateway, exchanges: 10_000)
                let status = try await load.child.finish()
                let summary = try load.summary()
                #expect(status == 0, "\(load.child.output) \(load.child.errors)")
                #expect(summary["right"]?.integer == 10_000)
                #expect(summary["unique_access_keys"]?.integer == 10_000)
                #expect(try gateway.allowedKeys().sorted() == load.keys())
                print("load: \(load.child.output)")
            }
        }

        @Test(.enabled(if: Requirement.python, "run Scripts/install-dependencies test"))
        func `SIGTERM under load loses no exchange`() async throws {
            try await withScene { scene in
                let stack = try await scene.stack(verify: false)
                let gateway = try await scene.gateway(stack, policy: Policy.load(stack.issuer))
                let load = try await scene.load(stack, gateway, exchanges: 1_000_000, options: ["--until-refused"])
                try await poll("a thousand exchanges") { try gateway.allowedKeys().count > 1_000 ? true : nil }
                gateway.child.send(signal: SIGTERM)
                #expect(try await gateway.child.finish() == 0)
                let status = try await load.child.finish()
                #expect(status == 0, "\(load.child.output) \(load.child.errors)")
                #expect(try load.summary()["refused"]?.integer ?? 0 > 0)
                // Each record has its answer and each answer its record: nothing was cut off on either side.
                #expect(try gateway.allowedKeys().sorted() == load.keys())
                print("load with SIGTERM: \(load.child.output)")
            }
        }
    }
}
