import Foundation
import StrictJSON
import Testing

extension EndToEnd {
    /// One use of a token across replicas, restarts and the store's faults: real gateways, a real server of the Redis protocol.
    @Suite(.enabled(if: Requirement.redis, "needs redis-server: Scripts/install-dependencies test"))
    struct `one-use tokens` {
        private static func policy(_ stack: Stack) -> String {
            Policy.usual(stack.issuer) + "    one_use: {fronts: [credentials]}\n"
        }

        private static func gateway(_ scene: Scene, _ stack: Stack, _ settings: [String: String]) async throws
            -> Gateway
        {
            try await scene.gateway(stack, policy: policy(stack), settings: settings)
        }

        @Test func `a token counts once for all replicas, and after their restart`() async throws {
            try await withScene { scene in
                let (stack, redis) = (try await scene.stack(), try await scene.redis())
                let first = try await Self.gateway(scene, stack, redis.settings)
                let second = try await Self.gateway(scene, stack, redis.settings)
                let tokens = try await stack.tokens(20)
                for token in tokens {
                    #expect(try await first.exchange(token).status == 200)
                    let replay = try await second.exchange(token)
                    #expect(replay.status == 401 && replay.code == "token_replayed", "\(replay.text)")
                }
                await first.child.end()
                await second.child.end()
                let later = try await Self.gateway(scene, stack, redis.settings)
                for token in tokens { #expect(try await later.exchange(token).code == "token_replayed") }
                #expect(try await stack.calls() == tokens.count)
                // What is noted ends with the tokens: five minutes of Vela's, and a minute for the clocks.
                let key = try await redis.command("RANDOMKEY", in: scene)
                let life = try #require(Int(try await redis.command("PTTL", key, in: scene)))
                #expect((1...360_000).contains(life), "\(key): \(life) ms")
                #expect(try await redis.command("DBSIZE", in: scene) == "\(2 * tokens.count)")
            }
        }

        @Test func `of a hundred requests at once at two replicas one is served`() async throws {
            try await withScene { scene in
                let (stack, redis) = (try await scene.stack(), try await scene.redis())
                let replicas = [
                    try await Self.gateway(scene, stack, redis.settings),
                    try await Self.gateway(scene, stack, redis.settings),
                ]
                let token = try await stack.token()
                let codes = try await withThrowingTaskGroup { group in
                    for number in 0..<100 {
                        group.addTask { try await replicas[number % 2].exchange(token).code ?? "served" }
                    }
                    return try await group.reduce(into: [String: Int]()) { $0[$1, default: 0] += 1 }
                }
                #expect(codes == ["served": 1, "token_replayed": 99])
                #expect(try await stack.calls() == 1)
            }
        }

        @Test func `a store that ends or falls silent costs a bounded wait and gives nothing`() async throws {
            try await withScene { scene in
                let (stack, redis) = (try await scene.stack(), try await scene.redis())
                let gateway = try await Self.gateway(scene, stack, redis.settings)
                let used = try await stack.token()
                #expect(try await gateway.exchange(used).status == 200)

                // Silent: the server takes the command and says nothing.
                redis.child.send(signal: SIGSTOP)
                for _ in 0..<3 {
                    let silent = try await gateway.exchange(try await stack.token())
                    #expect(silent.status == 503 && silent.code == "one_use_unavailable", "\(silent.text)")
                    #expect(silent.headers["retry-after"] == "2")
                }
                #expect(try await gateway.readyz().object["one_use_store"]?.string == "not usable")
                // The other parts of the service live, and so does readiness: no other replica has a better store.
                #expect(try await gateway.readyz().status == 200)
                redis.child.send(signal: SIGCONT)
                try await recover(gateway, stack)
                #expect(try await gateway.exchange(used).code == "token_replayed")

                // Gone, and back with nothing in its memory: that is what a store without persistence costs.
                await redis.child.end()
                #expect(try await gateway.exchange(try await stack.token()).code == "one_use_unavailable")
                _ = try await scene.redis(port: redis.port)
                try await recover(gateway, stack)
                #expect(try await gateway.exchange(used).status == 200)
                let allowed = try gateway.auditLines().filter { $0["outcome"]?.string == "allowed" }
                #expect(allowed.allSatisfy { $0["one_use"]?.string == "first" })
            }
        }

        /// Asks with fresh tokens until one is served.
        private func recover(_ gateway: Gateway, _ stack: Stack) async throws {
            try await poll("the store's return") {
                try await gateway.exchange(try await stack.token()).status == 200 ? true : nil
            }
            #expect(try await gateway.readyz().object["one_use_store"]?.string == "usable")
        }

        @Test func `a connection that the server cuts is made anew, and no request sees it`() async throws {
            try await withScene { scene in
                let (stack, redis) = (try await scene.stack(), try await scene.redis())
                let gateway = try await Self.gateway(scene, stack, redis.settings)
                for _ in 0..<10 {
                    #expect(try await gateway.exchange(try await stack.token()).status == 200)
                    _ = try await redis.command("CLIENT", "KILL", "TYPE", "normal", in: scene)
                }
            }
        }

        /// What a failover leaves: the connection goes to the old primary, which answers and takes no writes.
        @Test func `a server that takes no writes is left, and its return is noticed`() async throws {
            try await withScene { scene in
                let (stack, redis) = (try await scene.stack(), try await scene.redis())
                let gateway = try await Self.gateway(scene, stack, redis.settings)
                #expect(try await gateway.exchange(try await stack.token()).status == 200)
                let before = try await redis.command("CLIENT", "LIST", "TYPE", "normal", in: scene)
                let connection = try #require(before.split(separator: " ").first { $0.hasPrefix("id=") })
                _ = try await redis.command("REPLICAOF", "127.0.0.1", "1", in: scene)
                let refused = try await gateway.exchange(try await stack.token())
                #expect(refused.code == "one_use_unavailable", "\(refused.text)")
                #expect(gateway.child.errors.contains("READONLY"), "\(gateway.child.errors)")
                // Another connection may have come by now, for the store is asked anew; the old one is gone.
                let after = try await redis.command("CLIENT", "LIST", "TYPE", "normal", in: scene)
                #expect(!after.contains("\(connection) "), "\(after)")
                _ = try await redis.command("REPLICAOF", "NO", "ONE", in: scene)
                try await recover(gateway, stack)
            }
        }

        @Test func `over TLS the server must show a trusted certificate, and the password stays unseen`() async throws {
            try await withScene { scene in
                let (stack, authority) = (try await scene.stack(), try await scene.authority("store"))
                let redis = try await scene.redis(tls: authority)
                let trusting = try await Self.gateway(scene, stack, redis.settings)
                #expect(try await trusting.exchange(try await stack.token()).status == 200)

                var settings = redis.settings
                settings["GATEWAY_ONE_USE_STORE_CA_FILE"] = try await scene.authority("other").certificate.path
                let doubting = try await Self.gateway(scene, stack, settings)
                #expect(try await doubting.exchange(try await stack.token()).code == "one_use_unavailable")

                settings = redis.settings
                settings["GATEWAY_ONE_USE_STORE_PASSWORD_FILE"] = try scene.write("wrong", to: "wrong-password").path
                let outsider = try await Self.gateway(scene, stack, settings)
                #expect(try await outsider.exchange(try await stack.token()).code == "one_use_unavailable")
                #expect(outsider.child.errors.contains("WRONGPASS"), "\(outsider.child.errors)")
                for gateway in [trusting, doubting, outsider] {
                    #expect(!gateway.child.errors.contains("CANARY"))
                    let seen = try gateway.child.proc("cmdline") + gateway.child.proc("environ")
                    #expect(!seen.contains("CANARY"))
                }
            }
        }

        @Test func `what does not speak the protocol is no store`() async throws {
            try await withScene { scene in
                let stack = try await scene.stack()
                let port = try #require(stack.sts.split(separator: ":").last?.prefix { $0 != "/" })
                let gateway = try await Self.gateway(
                    scene, stack, ["GATEWAY_ONE_USE_STORE": "redis://127.0.0.1:\(port)"])
                #expect(try await gateway.exchange(try await stack.token()).code == "one_use_unavailable")
                #expect(try await stack.calls() == 0)
            }
        }

        @Test func `our client takes a new token for each role, so one use is enough for a step`() async throws {
            try await withScene { scene in
                let (stack, redis) = (try await scene.stack(), try await scene.redis())
                let gateway = try await Self.gateway(scene, stack, redis.settings)
                let step = try await stack.step()
                for _ in 0..<2 {
                    let run = try await scene.client(step, gateway.service)
                    #expect(run.status == 0, "\(run.errors)")
                }
                #expect(try await stack.calls() == 2)
            }
        }
    }
}
