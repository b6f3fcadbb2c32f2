import Foundation
import StrictJSON
import Testing

extension EndToEnd {
    /// A crash shows nothing of what the program held, and nobody looks into it before.
    @Suite struct `crashes` {
        @Test(arguments: [SIGSEGV, SIGILL, SIGTRAP])
        func `a crash with a token in memory leaves no core and says nothing`(_ signal: Int32) async throws {
            try await withScene { scene in
                let stack = try await scene.stack()
                // What an operator may have set: the runtime's report shows memory, and would be printed all the same.
                let backtrace = ["SWIFT_BACKTRACE": "enable=yes,interactive=no,color=no"]
                let gateway = try await scene.gateway(stack, settings: backtrace)
                try await stack.fail(#"[{"delay_ms": 60000, "sticky": true}]"#)
                let step = try await stack.step()
                let client = try await scene.startClient(step, gateway.service, variables: backtrace)
                try await poll("the call to STS") { try await stack.calls() == 1 ? true : nil }
                client.send(signal: signal)
                #expect(try await client.endingSignal() == signal)
                #expect(client.errors.isEmpty, "\(client.errors)")
                gateway.child.send(signal: signal)
                #expect(try await gateway.child.endingSignal() == signal)
                let lines = gateway.child.errors.split(separator: "\n")
                for line in lines { #expect(try JSONValue(parsing: Array(line.utf8)).object != nil, "\(line)") }
                #expect(lines.count >= 1)
                let left = try FileManager.default.contentsOfDirectory(atPath: scene.folder.path)
                #expect(!left.contains { $0.hasPrefix("core") })
            }
        }

        @Test func `neither program leaves a core or lets itself be traced`() async throws {
            try await withScene { scene in
                let stack = try await scene.stack()
                let gateway = try await scene.gateway(stack)
                try expectNoCore(of: gateway.child)
                try await stack.fail(#"[{"delay_ms": 1500}]"#)
                let client = try await scene.startClient(try await stack.step(), gateway.service)
                try await poll("the call to STS") { try await stack.calls() == 1 ? true : nil }
                try expectNoCore(of: client)
                #expect(try await client.finish() == 0)
            }
        }

        private func expectNoCore(of child: Child) throws {
            let limit = try child.proc("limits").split(separator: "\n").first { $0.hasPrefix("Max core file size") }
            let words = limit?.split { $0 == " " } ?? []
            #expect(words.contains("0") && !words.contains("unlimited"), "\(child.name): \(limit ?? "")")
        }

        @Test(.enabled(if: Requirement.root, "becoming another user needs root"))
        func `the kernel gives an undumpable process's files to root`() async throws {
            try await withScene { scene in
                let stack = try await scene.stack()
                try await stack.fail(#"[{"delay_ms": 1500}]"#)
                let gateway = try await scene.gatewayOfNobody(stack)
                let step = try await stack.step()
                let client = try await scene.startAsNobody(
                    Programs.client, [],
                    [
                        "VELA_ID_TOKEN_REQUEST_URL": step.url, "VELA_ID_TOKEN_REQUEST_TOKEN": step.token,
                        "PARAMETER_ROLE": Gateway.role, "PARAMETER_GATEWAY_URL": gateway.service,
                    ], name: "client")
                try await poll("the call to STS") { try await stack.calls() == 1 ? true : nil }
                for child in [client, gateway.child] {
                    #expect(try child.proc("status").contains("Uid:\t65534"), "\(child.name)")
                    let owner = try FileManager.default.attributesOfItem(atPath: "/proc/\(child.pid)/environ")
                    #expect((owner[.ownerAccountID] as? NSNumber)?.intValue == 0, "\(child.name)")
                }
                #expect(try await client.finish() == 0, "\(client.errors)")
            }
        }
    }
}

extension Scene {
    /// Starts a copy of a program as the user nobody: the folder of the build may be closed to others.
    fileprivate func startAsNobody(
        _ program: URL, _ arguments: [String], _ variables: [String: String], name: String
    ) throws -> Child {
        let copy = file(program.lastPathComponent)
        try FileManager.default.copyItem(at: program, to: copy)
        return try start(
            URL(filePath: "/usr/bin/setpriv"),
            ["--reuid=65534", "--regid=65534", "--clear-groups", copy.path] + arguments, variables: variables,
            name: name)
    }

    /// A gateway that runs as the user nobody.
    fileprivate func gatewayOfNobody(_ stack: Stack) async throws -> Gateway {
        let own = file("own")
        try FileManager.default.createDirectory(at: own, withIntermediateDirectories: false)
        try FileManager.default.setAttributes([.ownerAccountID: 65534], ofItemAtPath: own.path)
        let policy = try write(Policy.usual(stack.issuer), to: "policy.yaml")
        try FileManager.default.setAttributes([.posixPermissions: 0o644], ofItemAtPath: policy.path)
        let variables = [
            "GATEWAY_LISTEN": "127.0.0.1:0", "GATEWAY_HEALTH_LISTEN": "127.0.0.1:0",
            "GATEWAY_ADMIN_LISTEN": "off",
            "GATEWAY_POLICY": policy.path,
            "GATEWAY_STS_ENDPOINT": stack.sts, "GATEWAY_READY_FILE": own.appending(path: "ready.json").path,
        ]
        let child = try startAsNobody(Programs.gateway, ["serve"], variables, name: "gateway")
        let gateway = try await gateway(child, variables)
        try await gateway.awaitReady()
        return gateway
    }
}
