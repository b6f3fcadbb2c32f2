import Foundation
import StrictJSON
import Testing

extension EndToEnd {
    /// Issuers and an STS that go wrong in every way a network can. Nothing here is timed: a wait without a bound would
    /// never end, and the ways that drip or flood go on until the gateway has had enough.
    @Suite struct `bad network` {
        /// How much the peak of memory may grow by an answer of a gibibyte: the caps are 1 MiB and 64 KiB, the rest is
        /// buffers and the allocator's.
        static let memoryAllowance = 8 * 1024
        /// How much of an endless answer may be taken: the cap, and what lies in the sockets' buffers on the way.
        static let takenAllowance = 16 << 20

        @Test(.enabled(if: Requirement.python, "run Scripts/install-dependencies test"))
        func `no issuer holds up another one's tokens, and each gives its tokens the right refusal`() async throws {
            try await withScene { scene in
                let stack = try await scene.stack()
                let hostile = try await scene.hostileServer()
                let gateway = try await scene.gateway(stack, policy: policy(stack, hostile))
                let before = try gateway.child.peakMemory()
                let good = try await stack.token()
                try await withThrowingTaskGroup(of: Void.self) { group in
                    for way in hostile.ways {
                        let token = try await stack.token(#""claims": {"iss": "\#(hostile.url(way))"}"#)
                        group.addTask {
                            let answer = try await gateway.exchange(token)
                            #expect(answer.status == 503 && answer.code == "keys_unavailable", "\(way): \(answer.text)")
                            #expect(answer.headers["retry-after"] != nil, "\(way)")
                        }
                    }
                    for _ in 0..<20 { #expect(try await gateway.exchange(good).status == 200) }
                    try await group.waitForAll()
                }
                #expect(try await gateway.exchange(good).status == 200)
                #expect(try await gateway.readyz().status == 200)
                let growth = try gateway.child.peakMemory() - before
                #expect(growth < Self.memoryAllowance || Child.areSanitized, "the peak grew by \(growth) KiB")
                try expectBounds(hostile)
                let cause = gateway.child.errors.split(separator: "\n").contains {
                    $0.contains("no trusted TLS connection")
                }
                #expect(cause, "the log does not name the wrong certificate")
                print("hostile issuers: peak memory \(before) KiB, grown by \(growth) KiB")
            }
        }

        /// The code for each way, and how often STS is asked. What may have reached STS whole and came back wrong is not
        /// sent again.
        private static let answers: [String: (status: Int, code: String)] = [
            "silent": (504, "sts_timeout"), "drip_head": (504, "sts_timeout"), "drip_body": (504, "sts_timeout"),
            "long_length": (504, "sts_timeout"), "cut": (504, "sts_timeout"), "reset": (504, "sts_timeout"),
            "wrong_certificate": (504, "sts_timeout"), "no_http": (502, "sts_invalid_response"),
            "two_lengths": (502, "sts_invalid_response"), "short_length": (502, "sts_invalid_response"),
            "redirect": (502, "sts_invalid_response"),
            "huge": (502, "sts_invalid_response"), "huge_length": (502, "sts_invalid_response"),
            "endless_head": (502, "sts_invalid_response"),
        ]

        @Test(.enabled(if: Requirement.python, "run Scripts/install-dependencies test"))
        func `each fault of the way to STS has its refusal, and others are served meanwhile`() async throws {
            try await withScene { scene in
                let stack = try await scene.stack()
                let hostile = try await scene.hostileServer()
                #expect(Set(hostile.ways) == Set(Self.answers.keys))
                // Four gateways at a time, each with an STS of its own: enough for two cores.
                for ways in stride(from: 0, to: hostile.ways.count, by: 4).map({ hostile.ways.dropFirst($0).prefix(4) })
                {
                    try await withThrowingTaskGroup(of: Void.self) { group in
                        for way in ways {
                            group.addTask { try await meet(way, hostile, scene, stack) }
                        }
                        try await group.waitForAll()
                    }
                }
                try expectBounds(hostile)
            }
        }

        private func meet(_ way: String, _ hostile: HostileServer, _ scene: Scene, _ stack: Stack) async throws {
            let gateway = try await scene.gateway(
                stack, sts: hostile.url(way), settings: ["GATEWAY_REQUEST_DEADLINE": "3s"])
            let token = try await stack.token()
            let before = try gateway.child.peakMemory()
            async let refused = gateway.exchange(token)
            for _ in 0..<10 {
                let shown = try await http(
                    gateway.service + "/v1/whoami", body: "", headers: ["Authorization": "Bearer \(token)"])
                #expect(shown.status == 200, "\(way): \(shown.text)")
            }
            let answer = try await refused
            let expected = try #require(Self.answers[way])
            #expect(answer.status == expected.status && answer.code == expected.code, "\(way): \(answer.text)")
            let growth = try gateway.child.peakMemory() - before
            #expect(growth < Self.memoryAllowance || Child.areSanitized, "\(way): the peak grew by \(growth) KiB")
            #expect(try gateway.allowedKeys().isEmpty)
            gateway.child.send(signal: SIGTERM)
            #expect(try await gateway.child.finish() == 0, "\(way)")
            print("hostile STS, \(way): \(answer.code ?? "-"), peak memory \(before) KiB, grown by \(growth) KiB")
        }

        /// Nothing went where a redirect led, and of no endless answer more was taken than fits.
        private func expectBounds(_ hostile: HostileServer) throws {
            #expect(try hostile.requests("redirect") > 0 && hostile.requests("target") == 0)
            for way in hostile.ways {
                let taken = try hostile.bytes(way) / max(hostile.requests(way), 1)
                #expect(taken < Self.takenAllowance, "\(way): \(taken) bytes were taken of each answer")
            }
        }

        private func policy(_ stack: Stack, _ hostile: HostileServer) -> String {
            let issuers = hostile.ways.map { way in
                """
                  - name: \(way.replacing("_", with: "-"))
                    url: "\(hostile.url(way))"
                    audiences: [sts.amazonaws.com]
                    claims: vela

                """
            }
            return Policy.usual(stack.issuer).replacing("rules:", with: issuers.joined() + "rules:")
        }
    }
}
