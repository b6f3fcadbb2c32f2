import Foundation
import StrictJSON
import Testing

extension EndToEnd {
    /// No credentials without a record.
    @Suite struct `audit` {
        @Test(.enabled(if: Requirement.root, "mounting a small file system needs root"))
        func `a full disk withholds credentials, and free space brings the gateway back`() async throws {
            try await withScene { scene in
                let disk = try await scene.mountMemory("disk", kilobytes: 64)
                let stack = try await scene.stack()
                let audit = disk.appending(path: "audit.log")
                let gateway = try await scene.gateway(stack, settings: ["GATEWAY_AUDIT": "file:\(audit.path)"])
                let before = try await gateway.exchange(try await stack.token())
                #expect(before.status == 200)

                let filler = disk.appending(path: "filler")
                try fill(filler)
                let refused = try await refusal(stack, gateway)
                #expect(refused.status == 503)
                #expect(!refused.text.contains("ASIA"))
                #expect(refused.headers["retry-after"] != nil)
                #expect(try await gateway.readyz().status == 503)
                #expect(try await gateway.readyz().object["audit"]?.string == "not writable")
                #expect(try await gateway.metric("vela_gateway_credentials_withheld_total") ?? 0 > 0)

                try FileManager.default.removeItem(at: filler)
                try await gateway.awaitReady()
                let after = try await gateway.exchange(try await stack.token())
                #expect(after.status == 200)
                let received = try [before, after].map { try $0.string("access_key_id") }
                let recorded = try gateway.allowedKeys()
                #expect(recorded.first == received.first)
                #expect(recorded.last == received.last)
            }
        }

        /// The tail of the last block may still take some records: all that were given stand in the file.
        private func refusal(_ stack: Stack, _ gateway: Gateway) async throws -> Answer {
            for _ in 0..<20 {
                let answer = try await gateway.exchange(try await stack.token())
                if answer.code == "audit_unavailable" { return answer }
                let key = try answer.string("access_key_id")
                #expect(try gateway.allowedKeys().last == key)
            }
            throw Unexpected("the disk does not get full")
        }

        private func fill(_ file: URL) throws {
            try Data().write(to: file)
            let handle = try FileHandle(forWritingTo: file)
            for size in [4096, 1] {
                let block = Data(repeating: 0x78, count: size)
                // Fails when nothing more fits, which is the aim.
                while (try? handle.write(contentsOf: block)) != nil {}
            }
        }

        @Test func `a sink that takes nothing gives no credentials`() async throws {
            try await withScene { scene in
                let stack = try await scene.stack()
                let gateway = try await scene.gateway(
                    stack, settings: ["GATEWAY_AUDIT": "file:/dev/full"], untilReady: false)
                try await poll("the refusal") {
                    let answer = try await gateway.exchange(try await stack.token())
                    #expect(answer.status == 503)
                    #expect(!answer.text.contains("ASIA"))
                    return answer.code == "audit_unavailable" ? true : nil
                }
                #expect(try await gateway.readyz().status == 503)
                #expect(gateway.child.errors.contains("No space left on device"))
            }
        }
    }
}
