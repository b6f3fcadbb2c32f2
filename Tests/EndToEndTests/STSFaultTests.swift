import Foundation
import StrictJSON
import Testing

extension EndToEnd {
    /// What STS does wrong, and what becomes of it: code, calls made, and never credentials.
    @Suite struct `STS faults` {
        private struct Fault {
            let json: String
            let status: Int
            let code: String
            /// Calls to STS for one request.
            let calls: ClosedRange<Int>

            init(_ json: String, _ status: Int, _ code: String, calls: ClosedRange<Int>) {
                self.json = json
                self.status = status
                self.code = code
                self.calls = calls
            }
        }

        private static let faults = [
            Fault(
                #"{"code":"Throttling","message":"Rate exceeded","sticky":true}"#, 503, "sts_throttled", calls: 3...3),
            Fault(
                #"{"code":"AccessDenied","status":403,"message":"Not authorized","sticky":true}"#, 502, "sts_rejected",
                calls: 1...1),
            Fault(#"{"truncate":true,"sticky":true}"#, 502, "sts_invalid_response", calls: 1...1),
            Fault(#"{"wrong_account":true,"sticky":true}"#, 502, "sts_invalid_response", calls: 1...1),
            Fault(#"{"expired":true,"sticky":true}"#, 502, "sts_invalid_response", calls: 1...1),
            Fault(#"{"empty_field":"SessionToken","sticky":true}"#, 502, "sts_invalid_response", calls: 1...1),
            Fault(#"{"html":true,"sticky":true}"#, 502, "sts_invalid_response", calls: 1...1),
            Fault(#"{"garbage":true,"sticky":true}"#, 502, "sts_invalid_response", calls: 1...1),
            Fault(#"{"redirect":"http://127.0.0.1:1/","sticky":true}"#, 502, "sts_invalid_response", calls: 1...1),
            Fault(#"{"html":true,"status":502,"sticky":true}"#, 504, "sts_timeout", calls: 3...3),
            // libcurl sends again by itself when a kept-alive connection ended before the first byte.
            Fault(#"{"close":true,"sticky":true}"#, 504, "sts_timeout", calls: 3...6),
            // The request's deadline leaves time for one attempt.
            Fault(#"{"delay_ms":60000,"sticky":true}"#, 504, "sts_timeout", calls: 1...1),
        ]

        @Test func `each fault has its answer, its number of calls and no credentials`() async throws {
            try await withScene { scene in
                let stack = try await scene.stack()
                let gateway = try await scene.gateway(stack, settings: ["GATEWAY_REQUEST_DEADLINE": "4s"])
                for fault in Self.faults { try await expect(fault, stack, gateway) }
                #expect(try gateway.allowedKeys().isEmpty)
                try await stack.fail("[]")
                #expect(try await gateway.exchange(try await stack.token()).status == 200)
            }
        }

        private func expect(_ fault: Fault, _ stack: Stack, _ gateway: Gateway) async throws {
            try await stack.fail("[\(fault.json)]")
            let answer = try await gateway.exchange(try await stack.token())
            #expect(answer.status == fault.status, "\(fault.json): \(answer.text)")
            #expect(answer.code == fault.code, "\(fault.json): \(answer.text)")
            #expect(!answer.text.contains("ASIA"), "\(fault.json): \(answer.text)")
            let calls = try await stack.calls()
            #expect(fault.calls.contains(calls), "\(fault.json): \(calls) calls")
            let line = try gateway.auditLines().last
            #expect(line?["outcome"]?.string == "refused")
            #expect(line?["code"]?.string == fault.code)
        }

        @Test func `one throttled call is repeated, and the step never knows`() async throws {
            try await withScene { scene in
                let stack = try await scene.stack()
                let gateway = try await scene.gateway(stack)
                try await stack.fail(#"[{"code":"Throttling","message":"Rate exceeded"}]"#)
                let run = try await scene.client(try await stack.step(), gateway.service)
                #expect(run.status == 0, "\(run.errors)")
                #expect(!run.errors.contains("Throttling"))
                #expect(try await stack.calls() == 2)
            }
        }

        @Test func `the client's message names what AWS said and the remedy`() async throws {
            try await withScene { scene in
                let stack = try await scene.stack()
                let gateway = try await scene.gateway(stack)
                try await stack.fail(
                    #"[{"code":"AccessDenied","status":403,"message":"Not authorized","sticky":true}]"#)
                let script = scene.file("setup.sh")
                let rejected = try await scene.client(
                    try await stack.step(), gateway.service,
                    ["script_write": .bool(true), "script_path": .string(script.path)])
                #expect(rejected.status == 1)
                #expect(rejected.errors.contains("502 sts_rejected"), "\(rejected.errors)")
                #expect(rejected.errors.contains("AccessDenied: Not authorized"), "\(rejected.errors)")
                #expect(rejected.errors.contains("check the role's trust policy"), "\(rejected.errors)")
                #expect(throws: (any Error).self) { try script.checkResourceIsReachable() }

                // Retry-After is 5 s: no attempt is begun that the deadline would cut short.
                try await stack.fail(#"[{"code":"Throttling","message":"Rate exceeded","sticky":true}]"#)
                let throttled = try await scene.client(
                    try await stack.step(), gateway.service, ["timeout": .string("5s")])
                #expect(throttled.status == 1)
                #expect(throttled.errors.contains("503 sts_throttled"), "\(throttled.errors)")
                #expect(throttled.errors.contains("raise the parameter timeout"), "\(throttled.errors)")
                #expect(try await stack.calls() == 3)
            }
        }
    }
}
