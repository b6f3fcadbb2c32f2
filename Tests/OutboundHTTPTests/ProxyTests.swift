import Glibc
import OutboundHTTP
import Testing

/// A proxy comes from our configuration and from nowhere else.
struct ProxyTests {
    @Test func `ignores the proxy variables of the environment`() async {
        // In a process of its own: other tests' threads must not see the variables change.
        await #expect(processExitsWith: .success) {
            let (descriptor, deadPort) = try listenOnLoopback()
            close(descriptor)
            for name in ["http_proxy", "HTTP_PROXY", "https_proxy", "HTTPS_PROXY", "all_proxy", "ALL_PROXY"] {
                unsafe setenv(name, "http://127.0.0.1:\(deadPort)", 1)
            }
            unsafe unsetenv("no_proxy")
            unsafe unsetenv("NO_PROXY")
            try await withServer { connection in
                _ = connection.readRequest()
                connection.answer(body: "direct")
            } _: { server, client in
                guard try await client.send(try get(server.url())).body.text == "direct" else { exit(1) }
            }
        }
    }

    @Test func `sends plain requests through a tunnel of the configured proxy`() async throws {
        let seen = Shared<[String]>([])
        let proxy = try ScriptedServer { connection in
            seen.update { $0.append(connection.readRequest() ?? "") }
            connection.send("HTTP/1.1 200 Connection established\r\n\r\n")
            seen.update { $0.append(connection.readRequest() ?? "") }
            connection.answer(body: "proxied")
        }
        defer { proxy.stop() }
        let client = try makeClient(proxy: "http://127.0.0.1:\(proxy.port)")
        let url = try OutboundURL(parsing: "http://issuer.invalid/keys", allowingPlaintext: true)
        let answer = try await client.send(OutboundRequest(url: url, deadline: .seconds(30), maximumBytes: 100))
        #expect(answer.body.text == "proxied" && seen.value.count == 2)
        #expect(seen.value.first?.hasPrefix("CONNECT issuer.invalid:80 HTTP/1.1\r\n") == true)
        #expect(seen.value.last?.hasPrefix("GET /keys HTTP/1.1\r\n") == true)
        await client.shutdown()
    }

    @Test func `tells that a proxy refused the tunnel, and that nothing was sent`() async throws {
        let proxy = try ScriptedServer { connection in
            _ = connection.readRequest()
            connection.answer("407 Proxy Authentication Required", headers: ["X-Proxy: 1"])
        }
        defer { proxy.stop() }
        let client = try makeClient(proxy: "http://127.0.0.1:\(proxy.port)")
        let failure = await failureSending(try get("https://issuer.invalid/keys"), by: client)
        guard case .cannotConnect = failure else { Issue.record("\(String(describing: failure))"); return }
        await client.shutdown()
    }

    @Test func `reaches the configured exceptions without the proxy`() async throws {
        let (descriptor, deadPort) = try listenOnLoopback()
        close(descriptor)
        let configuration = OutboundConfiguration(userAgent: "test/1", proxy: "http://127.0.0.1:\(deadPort)")
        try await withServer(
            { connection in
                _ = connection.readRequest()
                connection.answer(body: "direct")
            }, client: try OutboundHTTPClient(configuration: configuration)
        ) { server, client in
            let answer = try await client.send(try get(server.url()))
            #expect(answer.body.text == "direct")
        }
    }
}
