import Foundation
import StrictJSON
import Testing

extension EndToEnd {
    /// A stop in an emergency: by a replica's own file, and by the shared store for all of them. Real gateways, a real server of the
    /// Redis protocol.
    @Suite struct `emergency deny` {
        private static let leak =
            "version: 1\nrules: [{name: leak, condition: {StringEquals: {repo: octo-org/octo-repo}}}]\n"

        @Test func `a file stops a repository although the policy is faulty, and everything when it is garbled`()
            async throws
        {
            try await withScene { scene in
                let stack = try await scene.stack()
                let policy = try scene.write(Policy.usual(stack.issuer), to: "policy.yaml")
                let file = scene.file("emergency-deny.yaml")
                let gateway = try await scene.gateway(
                    stack, settings: ["GATEWAY_POLICY": policy.path, "GATEWAY_EMERGENCY_DENY": file.path])
                #expect(try await gateway.exchange(try await stack.token()).status == 200)

                try scene.write("rules: [", to: "policy.yaml")
                try await poll("the faulty policy") {
                    try await gateway.metric(#"vela_gateway_policy_reloads_total{result="failed"}"#) ?? 0 > 0
                        ? true : nil
                }
                #expect(try await gateway.exchange(try await stack.token()).status == 200)
                try scene.write(Self.leak, to: "emergency-deny.yaml")
                try await awaitCode("emergency_denied", of: [gateway], stack)
                #expect(try gateway.auditLines().last?["rule"]?.string == "leak")

                try scene.write("version: 1\nrules: [{na", to: "emergency-deny.yaml")
                try await poll("the garbled file") {
                    gateway.child.errors.contains("cannot be understood") ? true : nil
                }
                #expect(try await gateway.exchange(try await stack.token()).code == "emergency_denied")
                #expect(try await gateway.readyz().object["emergency_deny"]?.string == "everything")

                try FileManager.default.removeItem(at: file)
                try await awaitCode(nil, of: [gateway], stack)
                let states = try gateway.auditLines().filter { $0["outcome"]?.string == "emergency" }
                #expect(states.compactMap { $0["state"]?.string } == ["rules", "faulty", "absent"])
                let calls = try await stack.calls()
                #expect(try gateway.allowedKeys().count == calls)
            }
        }

        @Test func `a file for an emergency is checked before it is used`() async throws {
            try await withScene { scene in
                let stack = try await scene.stack()
                let policy = try scene.write(Policy.usual(stack.issuer), to: "policy.yaml")
                let good = try scene.write(Self.leak, to: "good.yaml")
                let checked = try await scene.run(
                    Programs.gateway, ["emergency-deny", "check", good.path, "--policy", policy.path], name: "check")
                #expect(checked.status == 0 && checked.output.contains("denied by leak"), "\(checked)")
                let typo = try scene.write(Self.leak.replacing("repo:", with: "reop:"), to: "typo.yaml")
                let doubted = try await scene.run(
                    Programs.gateway, ["emergency-deny", "check", typo.path, "--policy", policy.path], name: "check")
                #expect(doubted.status == 1 && doubted.errors.contains("Vela sends no claim 'reop'"), "\(doubted)")
                let bad = try scene.write("version: 1\nrules: [{name: a}]\n", to: "bad.yaml")
                let refused = try await scene.run(
                    Programs.gateway, ["emergency-deny", "check", bad.path], name: "check")
                #expect(refused.status == 1 && refused.errors.contains("bad.yaml:2:"), "\(refused)")
            }
        }

        /// Waits until each replica answers so; nil is credentials.
        private func awaitCode(_ code: String?, of gateways: [Gateway], _ stack: Stack) async throws {
            for gateway in gateways {
                try await poll("\(code ?? "credentials")") {
                    let answer = try await gateway.exchange(try await stack.token())
                    return answer.code == code && (code != nil || answer.status == 200) ? true : nil
                }
            }
        }
    }

    @Suite(.enabled(if: Requirement.redis, "needs redis-server: Scripts/install-dependencies test"))
    struct `emergency deny in the shared store` {
        private static let leak =
            "version: 1\nrules: [{name: leak, condition: {StringEquals: {repo: octo-org/octo-repo}}}]\n"
        private static let key = "vela-aws-gateway:emergency-deny"

        private static func settings(_ redis: Redis) -> [String: String] {
            redis.settings.merging(["GATEWAY_EMERGENCY_DENY_SHARED": "true"]) { $1 }
        }

        /// The command with the settings of the service.
        private func command(_ words: [String], _ redis: Redis, _ scene: Scene) async throws -> Child.Ended {
            let settings = Self.settings(redis).merging(["GATEWAY_POLICY": "/nowhere"]) { $1 }
            return try await scene.run(
                Programs.gateway, ["emergency-deny"] + words, variables: settings, name: "emergency-deny")
        }

        private func awaitCode(_ code: String?, of gateways: [Gateway], _ stack: Stack) async throws {
            for gateway in gateways {
                try await poll("\(code ?? "credentials")") {
                    let answer = try await gateway.exchange(try await stack.token())
                    return answer.code == code && (code != nil || answer.status == 200) ? true : nil
                }
            }
        }

        @Test func `what is pushed binds on every replica, and cleared on none`() async throws {
            try await withScene { scene in
                let (stack, redis) = (try await scene.stack(), try await scene.redis())
                let replicas = [
                    try await scene.gateway(stack, settings: Self.settings(redis)),
                    try await scene.gateway(stack, settings: Self.settings(redis)),
                ]
                try await awaitCode(nil, of: replicas, stack)
                let empty = try await command(["show"], redis, scene)
                #expect(empty.status == 0 && empty.output.contains("has no document"), "\(empty)")
                let file = try scene.write(Self.leak, to: "leak.yaml")
                let pushed = try await command(["push", file.path], redis, scene)
                #expect(pushed.status == 0 && pushed.output.contains("pushed: denied by leak"), "\(pushed)")
                try await awaitCode("emergency_denied", of: replicas, stack)
                let shown = try await command(["show"], redis, scene)
                #expect(shown.output.hasSuffix(Self.leak), "\(shown)")
                // One that begins now reads it before it is ready.
                let third = try await scene.gateway(stack, settings: Self.settings(redis))
                #expect(try await third.exchange(try await stack.token()).code == "emergency_denied")

                let bad = try scene.write("version: 1\nrules: [{name: a}]\n", to: "bad.yaml")
                #expect(try await command(["push", bad.path], redis, scene).status == 1)
                #expect(try await command(["show"], redis, scene).output.hasSuffix(Self.leak))

                #expect(try await command(["clear"], redis, scene).status == 0)
                try await awaitCode(nil, of: replicas + [third], stack)
                for replica in replicas {
                    let states = try replica.auditLines().filter { $0["outcome"]?.string == "emergency" }
                    #expect(states.compactMap { $0["state"]?.string } == ["rules", "nothing"])
                    #expect(!replica.child.errors.contains("CANARY"))
                }
            }
        }

        @Test func `a store that falls silent keeps what it said, and a new replica gives nothing until it speaks`()
            async throws
        {
            try await withScene { scene in
                let (stack, redis) = (try await scene.stack(), try await scene.redis())
                let old = try await scene.gateway(stack, settings: Self.settings(redis))
                let file = try scene.write(Self.leak, to: "leak.yaml")
                #expect(try await command(["push", file.path], redis, scene).status == 0)
                try await awaitCode("emergency_denied", of: [old], stack)
                let calls = try await stack.calls()
                redis.child.send(signal: SIGSTOP)
                try await poll("the fault") {
                    try await old.metric(#"vela_gateway_emergency_fault{source="store"}"#) == 1 ? true : nil
                }
                #expect(try await old.exchange(try await stack.token()).code == "emergency_denied")
                #expect(try await old.readyz().status == 200)
                let new = try await scene.gateway(stack, settings: Self.settings(redis), untilReady: false)
                try await poll("keys") {
                    try await new.exchange(try await stack.token()).code == "emergency_unknown" ? true : nil
                }
                #expect(try await new.readyz().status == 503)
                redis.child.send(signal: SIGCONT)
                try await awaitCode("emergency_denied", of: [new], stack)
                #expect(try await stack.calls() == calls)
            }
        }

        @Test func `what nobody can understand in the store stops everything, until a push mends it`() async throws {
            try await withScene { scene in
                let (stack, redis) = (try await scene.stack(), try await scene.redis())
                let gateway = try await scene.gateway(stack, settings: Self.settings(redis))
                try await awaitCode(nil, of: [gateway], stack)
                _ = try await redis.command("SET", Self.key, "version: 1\nrules: [{na", in: scene)
                try await awaitCode("emergency_denied", of: [gateway], stack)
                #expect(try await command(["clear"], redis, scene).status == 0)
                try await awaitCode(nil, of: [gateway], stack)
                // Of another type, and longer than any document.
                _ = try await redis.command("DEL", Self.key, in: scene)
                _ = try await redis.command("LPUSH", Self.key, "x", in: scene)
                try await awaitCode("emergency_denied", of: [gateway], stack)
                #expect(try await command(["clear"], redis, scene).status == 0)
                try await awaitCode(nil, of: [gateway], stack)
                // Not UTF-8: repaired it would be a document.
                _ = try await redis.command(
                    "EVAL", #"return redis.call('SET', KEYS[1], 'version: 1\nrules: []\n# \255')"#, "1", Self.key,
                    in: scene)
                try await awaitCode("emergency_denied", of: [gateway], stack)
                #expect(try await command(["clear"], redis, scene).status == 0)
                try await awaitCode(nil, of: [gateway], stack)
                _ = try await redis.command("SETRANGE", Self.key, "70000", "x", in: scene)
                try await awaitCode("emergency_denied", of: [gateway], stack)
                #expect(try await command(["show"], redis, scene).status == 1)
                #expect(gateway.child.errors.contains("cannot be understood, so everything is denied"))
            }
        }

        @Test func `a document that the store lost stays in force, and is put back`() async throws {
            try await withScene { scene in
                let (stack, redis) = (try await scene.stack(), try await scene.redis())
                let gateway = try await scene.gateway(stack, settings: Self.settings(redis))
                let file = try scene.write(Self.leak, to: "leak.yaml")
                #expect(try await command(["push", file.path], redis, scene).status == 0)
                try await awaitCode("emergency_denied", of: [gateway], stack)
                let calls = try await stack.calls()
                _ = try await redis.command("FLUSHALL", in: scene)
                try await poll("the document") {
                    try await redis.command("EXISTS", Self.key, in: scene) == "1" ? true : nil
                }
                #expect(try await command(["show"], redis, scene).output.hasSuffix(Self.leak))
                #expect(try await gateway.exchange(try await stack.token()).code == "emergency_denied")
                #expect(try await stack.calls() == calls)
            }
        }

        @Test func `without the setting a push says that nobody would look`() async throws {
            try await withScene { scene in
                let redis = try await scene.redis()
                let file = try scene.write(Self.leak, to: "leak.yaml")
                let ended = try await scene.run(
                    Programs.gateway, ["emergency-deny", "push", file.path],
                    variables: redis.settings.merging(["GATEWAY_POLICY": "/nowhere"]) { $1 }, name: "emergency-deny")
                #expect(ended.status == 1 && ended.errors.contains("no replica would look"), "\(ended)")
            }
        }
    }
}
