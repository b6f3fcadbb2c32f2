import Foundation
import StrictJSON
import Testing

extension EndToEnd {
    /// Parameters on their way from the pipeline's YAML to the gateway's decision.
    @Suite struct `parameters` {
        @Test func `a policy written as a YAML mapping bounds the session, and ARNs that no rule has are refused`()
            async throws
        {
            try await withScene { scene in
                let stack = try await scene.stack()
                let gateway = try await scene.gateway(stack)
                let policy = #"{"Statement":[{"Action":"s3:GetObject","Effect":"Allow","Resource":"*"}]}"#
                let inline = ["inline_session_policy": try JSONValue(parsing: Array(policy.utf8))]
                let bounded = try await scene.client(try await stack.step(), gateway.service, inline)
                #expect(bounded.status == 0, "\(bounded.errors)")
                #expect(try gateway.auditLines().last?["session_policy_sha256"]?.string?.utf8.count == 64)

                let managed: [String: JSONValue] = [
                    "managed_session_policies": .array([
                        .string("arn:aws:iam::aws:policy/ReadOnlyAccess"),
                        .string("arn:aws:iam::aws:policy/AWSDenyAll"),
                    ])
                ]
                let refused = try await scene.client(try await stack.step(), gateway.service, managed)
                #expect(refused.status == 1)
                #expect(refused.errors.contains("403 session_policy_not_allowed"), "\(refused.errors)")
                #expect(try gateway.auditLines().last?["code"]?.string == "session_policy_not_allowed")
                #expect(try await stack.calls() == 1)
            }
        }

        @Test func `verify is done by the gateway, which signs, and reported by the client`() async throws {
            try await withScene { scene in
                let stack = try await scene.stack()
                let gateway = try await scene.gateway(stack)
                let run = try await scene.client(try await stack.step(), gateway.service, ["verify": .bool(true)])
                #expect(run.status == 0, "\(run.errors)")
                #expect(run.errors.contains("arn:aws:sts::123456123456:assumed-role/test/"), "\(run.errors)")
                let counts = try await http(stack.vela + "/_dev/sts/counts").object
                #expect(counts["GetCallerIdentity"]?.integer == 1)
            }
        }

        @Test func `what is wrong with them is told at once, before anybody is asked`() async throws {
            try await withScene { scene in
                let stack = try await scene.stack()
                let gateway = try await scene.gateway(stack)
                let run = try await scene.client(
                    try await stack.step(), gateway.service,
                    ["role": .string("admin"), "region": .string("Frankfurt"), "script_format": .string("yaml")])
                #expect(run.status == 1)
                for word in ["role", "region", "only script formats of [shell credential_file"] {
                    #expect(run.errors.contains(word), "\(word) is not named: \(run.errors)")
                }
                #expect(try await http(stack.vela + "/_dev/counts").object["id_token"]?.integer == 0)
            }
        }

        @Test func `a step without id_request is told of it`() async throws {
            try await withScene { scene in
                let step = Stack.Step(url: "http://127.0.0.1:1/id_token", token: "")
                let run = try await scene.client(step, "http://127.0.0.1:1")
                #expect(run.status == 1)
                #expect(run.errors.contains("make sure you have set `id_request: yes` in the step"), "\(run.errors)")
            }
        }
    }
}
