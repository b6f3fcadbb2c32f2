import Foundation
import StrictJSON
import Testing

extension EndToEnd {
    /// Replicas are replaced one after the other while callers go on.
    @Suite struct `rollout` {
        @Test(.enabled(if: Requirement.haproxy, "run Scripts/install-dependencies test"))
        func `a rolling restart of two replicas behind a proxy fails no exchange`() async throws {
            try await withScene { scene in
                let stack = try await scene.stack(verify: false)
                let proxy = try await scene.haproxy()
                var replicas: [Gateway] = []
                var gone: [Gateway] = []
                for place in HAProxy.places {
                    replicas.append(try await scene.replica(stack))
                    try await proxy.use(replicas[replicas.count - 1], as: place, in: scene)
                }
                let stop = scene.file("stop")
                let load = try await scene.load(
                    stack, replicas[0], exchanges: 1_000_000,
                    options: ["--unix", proxy.socket.path, "--connections", "16", "--until-file", stop.path])
                for (index, place) in HAProxy.places.enumerated() {
                    let old = replicas[index]
                    try await poll("work for \(place)") { try old.allowedKeys().count > 100 ? true : nil }
                    old.child.send(signal: SIGTERM)
                    try await poll("the proxy to leave \(place)") {
                        try await proxy.isUp(place, in: scene) ? nil : true
                    }
                    #expect(try await old.child.finish() == 0)
                    gone.append(old)
                    replicas[index] = try await scene.replica(stack)
                    try await proxy.use(replicas[index], as: place, in: scene)
                }
                for new in replicas {
                    try await poll("work for the new ones") { try new.allowedKeys().count > 100 ? true : nil }
                }
                try scene.write("", to: "stop")
                let status = try await load.child.finish()
                let summary = try load.summary()
                #expect(status == 0, "\(load.child.output) \(load.child.errors)")
                #expect(summary["wrong_or_failed"]?.integer == 0 && summary["refused"]?.integer == 0, "\(summary)")
                // Each caller's credentials are in one replica's audit, and nobody's are in two.
                let recorded = try (gone + replicas).flatMap { try $0.allowedKeys() }
                #expect(recorded.sorted() == (try load.keys()))
                print("rolling restart: \(load.child.output)")
            }
        }

        @Test func `SIGTERM twice answers what is in flight, and ends`() async throws {
            try await withScene { scene in
                let stack = try await scene.stack()
                let gateway = try await scene.gateway(
                    stack, settings: ["GATEWAY_DRAIN_GRACE": "30m", "GATEWAY_REQUEST_DEADLINE": "5m"])
                // Each attempt takes its whole five seconds; the second signal ends the first one.
                try await stack.fail(#"[{"delay_ms": 1800000, "sticky": true}]"#)
                let token = try await stack.token()
                async let answer = gateway.exchange(token)
                try await poll("the call to STS") { try await stack.calls() >= 1 ? true : nil }
                gateway.child.send(signal: SIGTERM)
                try await poll("not being ready") { try await gateway.readyz().status == 503 ? true : nil }
                gateway.child.send(signal: SIGTERM)
                let given = try await answer
                #expect([503, 504].contains(given.status) && !given.text.contains("ASIA"), "\(given.text)")
                #expect(try given.object["retryable"]?.bool == true)
                #expect(try await gateway.child.finish() == 0)
                #expect(try gateway.allowedKeys().isEmpty)
                #expect(try await stack.calls() == 1, "it went on after the second signal")
            }
        }

        @Test(.enabled(if: Requirement.python, "run Scripts/install-dependencies test"))
        func `a client that never reads does not hold up the end`() async throws {
            try await withScene { scene in
                let stack = try await scene.stack()
                let gateway = try await scene.gateway(stack, settings: ["GATEWAY_DRAIN_GRACE": "1s"])
                // Requests until the gateway reads no more, because nobody takes its answers; then it lies there.
                let script = """
                    import socket, sys, time
                    host, port = sys.argv[1].removeprefix("http://").split(":")
                    client = socket.create_connection((host, int(port)))
                    client.setblocking(False)
                    full = 0
                    while full < 5:
                        try:
                            client.send(b"GET /errors/draining HTTP/1.1\\r\\nHost: a\\r\\n\\r\\n" * 100)
                            full = 0
                        except BlockingIOError:
                            full += 1
                            time.sleep(0.05)
                    print("full", flush=True)
                    time.sleep(600)
                    """
                let client = try await scene.start(
                    Programs.python(), ["-c", script, gateway.service], name: "mute")
                try await poll("the gateway to be stuck with it") { client.output.contains("full") ? true : nil }
                gateway.child.send(signal: SIGTERM)
                #expect(try await gateway.child.finish() == 0)
                #expect(client.isRunning)
            }
        }
    }
}

extension Scene {
    /// One of several gateways with the same policy. The proxy needs 200 ms to notice that it drains; five times that is
    /// its delay.
    fileprivate func replica(_ stack: Stack) async throws -> Gateway {
        try await gateway(stack, policy: Policy.load(stack.issuer), settings: ["GATEWAY_DRAIN_DELAY": "1s"])
    }
}
