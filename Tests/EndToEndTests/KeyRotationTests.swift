import Foundation
import StrictJSON
import Testing

extension EndToEnd {
    /// Vela makes a new key at every start and withdraws old ones when told to; steps go on meanwhile.
    @Suite struct `key rotation` {
        @Test func `restart and rotation of the issuer fail no exchange but for the cool-down`() async throws {
            try await withScene { scene in
                // STS would turn down a token whose key was withdrawn on the way to it.
                let stack = try await scene.stack(verify: false)
                let gateway = try await scene.gateway(stack)
                let counts = try await withThrowingTaskGroup(of: Counts?.self) { group in
                    for _ in 0..<4 { group.addTask { try await steps(stack, gateway) } }
                    group.addTask {
                        try await changes(scene, stack, gateway)
                        return nil
                    }
                    return try await total(&group)
                }
                #expect(counts.others.isEmpty, "\(counts.others.prefix(5))")
                #expect(counts.granted > 0)
                print(
                    "key rotation: \(counts.granted) granted, \(counts.waiting) told to wait, \(counts.late) too late")
            }
        }

        /// What became of the exchanges of a worker.
        private struct Counts {
            var granted = 0
            /// Told to come back when the cool-down is over.
            var waiting = 0
            /// Signed with a key that was withdrawn meanwhile.
            var late = 0
            var others: [String] = []
        }

        /// New tokens, each used at once, until cancelled.
        private func steps(_ stack: Stack, _ gateway: Gateway) async throws -> Counts {
            var counts = Counts()
            while !Task.isCancelled {
                let token: String
                let answer: Answer
                do {
                    token = try await stack.token()
                    answer = try await gateway.exchange(token)
                } catch  where Task.isCancelled {
                    break
                }
                switch (answer.status, answer.code) {
                case (200, _): counts.granted += 1
                case (503, "keys_unavailable"?) where Int(answer.headers["retry-after"] ?? "") ?? 0 > 0:
                    counts.waiting += 1
                    // Ten steps a second are load enough; when it is cancelled the loop ends.
                    try? await Task.sleep(for: .milliseconds(100))
                case (401, "token_unknown_key"?):
                    let isPublished = try await stack.publishes(keyOf: token)
                    if isPublished { counts.others.append(answer.text) } else { counts.late += 1 }
                default: counts.others.append("\(answer.status) \(answer.text)")
                }
            }
            return counts
        }

        /// A restart, then a rotation; after each a step with a token of the new key, whose client waits as it is told.
        private func changes(_ scene: Scene, _ stack: Stack, _ gateway: Gateway) async throws {
            let old = try await stack.token()
            try await stack.restartVela()
            try await expectCredentials(scene, stack, gateway)
            #expect(try await gateway.exchange(old).status == 200, "a restart withdraws no key")
            try await stack.rotateKeys()
            try await expectCredentials(scene, stack, gateway)
            #expect(try await gateway.exchange(old).status != 200, "a withdrawn key still opens the door")
        }

        private func expectCredentials(_ scene: Scene, _ stack: Stack, _ gateway: Gateway) async throws {
            let run = try await scene.client(try await stack.step(), gateway.service)
            #expect(run.status == 0, "\(run.errors)")
        }

        /// Adds the workers' counts up; the first that ends is the one that makes the changes, and ends the others.
        private func total(_ group: inout ThrowingTaskGroup<Counts?, any Error>) async throws -> Counts {
            var sum = Counts()
            while let counts = try await group.next() {
                guard let counts else {
                    group.cancelAll()
                    continue
                }
                sum.granted += counts.granted
                sum.waiting += counts.waiting
                sum.late += counts.late
                sum.others += counts.others
            }
            return sum
        }
    }
}
