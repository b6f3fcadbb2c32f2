import Foundation
import StrictJSON
import Testing

extension EndToEnd {
    /// What is in the audit when the program, its disk or its reader dies.
    @Suite struct `audit durability` {
        @Test(.enabled(if: Requirement.python, "run Scripts/install-dependencies test"), arguments: 1...4)
        func `kill -9 under load leaves a record of each credential that was received`(_ round: Int) async throws {
            try await withScene { scene in
                let stack = try await scene.stack(verify: false)
                let policy = Policy.load(stack.issuer)
                let gateway = try await scene.gateway(stack, policy: policy)
                let load = try await scene.load(stack, gateway, exchanges: 1_000_000, options: ["--until-refused"])
                // Somewhere else in each round and each run.
                let enough = Int.random(in: 50...1_500)
                try await poll("\(enough) exchanges") { try gateway.allowedKeys().count >= enough ? true : nil }
                gateway.child.send(signal: SIGKILL)
                _ = try await load.child.finish()  // The requests that were cut are failures of its.
                let received = try load.keys()
                #expect(received.count >= enough / 2)
                #expect(Set(received).isSubset(of: try gateway.allowedKeys()))

                // The next process goes on where the file ends, whatever it ends in.
                let next = try await scene.gateway(
                    stack, policy: policy, settings: ["GATEWAY_AUDIT": "file:\(gateway.audit.path)"])
                let answer = try await next.exchange(
                    try await stack.token(), #"{"role": "arn:aws:iam::123456123456:role/load-1"}"#)
                #expect(answer.status == 200, "\(answer.text)")
                next.child.send(signal: SIGTERM)
                #expect(try await next.child.finish() == 0)
                let verified = try await scene.verifyAudit([next.audit.path])
                #expect(verified.status == 0 && verified.output.contains("1 chain, no fault"), "\(verified.output)")
                #expect(try next.auditLines().filter { $0["outcome"]?.string == "start" }.count == 2)
            }
        }

        @Test(.enabled(if: Requirement.root, "tracing a process needs root"))
        func `the flush has returned before the credentials leave`() async throws {
            try await withScene { scene in
                let stack = try await scene.stack()
                let gateway = try await scene.gateway(stack)
                let (trace, strace) = try await scene.trace(
                    gateway, ["-e", "trace=write,fdatasync,sendto,sendmsg,writev"])
                var keys: [String] = []
                for _ in 0..<5 {
                    keys.append(try await gateway.exchange(try await stack.token()).string("access_key_id"))
                }
                let calls = try await poll("the last answer in the trace") {
                    let calls = try String(contentsOf: trace, encoding: .utf8).split(separator: "\n")
                    return calls.contains { isSend($0) && $0.contains(keys[4]) } ? calls : nil
                }
                await strace.end()
                for key in keys {
                    let recorded = try #require(calls.firstIndex { $0.contains(" write(") && $0.contains(key) })
                    let answered = try #require(calls.firstIndex { isSend($0) && $0.contains(key) })
                    let between = calls[min(recorded, answered)..<answered]
                    let hasReturned = between.contains { $0.contains("fdatasync") && $0.hasSuffix("= 0") }
                    #expect(recorded < answered && hasReturned, "\(between.joined(separator: "\n"))")
                }
            }
        }

        @Test(
            .enabled(if: Requirement.root, "tracing a process needs root"),
            arguments: ["write:error=EROFS", "fdatasync:error=EIO"])
        func `a disk that fails withholds credentials, and each stands in the audit when it is back`(_ fault: String)
            async throws
        {
            try await withScene { scene in
                let stack = try await scene.stack()
                let gateway = try await scene.gateway(stack)
                #expect(try await gateway.exchange(try await stack.token()).status == 200)
                let call = String(fault.prefix { $0 != ":" })
                let (_, strace) = try await scene.trace(
                    gateway, ["-P", gateway.audit.path, "-e", "trace=\(call)", "-e", "inject=\(fault)"])
                let refused = try await gateway.exchange(try await stack.token())
                #expect(refused.code == "audit_unavailable" && !refused.text.contains("ASIA"), "\(refused.text)")
                #expect(try await gateway.readyz().status == 503)
                #expect(try await http(gateway.health + "/livez").status == 200)
                await strace.end()
                try await gateway.awaitReady()
                #expect(try await gateway.exchange(try await stack.token()).status == 200)
                let id = refused.headers["x-request-id"]
                let withheld = try await poll("the record of what was withheld") {
                    try gateway.auditLines().first {
                        $0["outcome"]?.string == "withheld" && $0["request_id"]?.string == id
                    }
                }
                #expect(withheld["access_key_id"]?.string?.hasPrefix("ASIA") == true)
                let verified = try await scene.verifyAudit([gateway.audit.path])
                #expect(verified.status == 0, "\(verified.output)")
            }
        }

        @Test func `a reader that hangs costs a bounded wait, and nobody else anything`() async throws {
            try await withScene { scene in
                let stack = try await scene.stack(verify: false)
                let (gateway, reader) = try await scene.gatewayWithReader(stack)
                reader.send(signal: SIGSTOP)
                // A pipe holds 64 KiB; a line is over 1,000 bytes.
                let refused = try await refusal(stack, gateway, within: 100)
                #expect(try await gateway.readyz().status == 503)
                #expect(try await http(gateway.health + "/livez").status == 200)
                #expect(try await http(gateway.service + "/errors/draining").status == 200)
                reader.send(signal: SIGCONT)
                try await gateway.awaitReady()
                #expect(try await gateway.exchange(try await stack.token()).status == 200)
                let id = try #require(refused.headers["x-request-id"])
                try await poll("the record of what was withheld") {
                    let lines = reader.output.split(separator: "\n").filter { $0.contains(id) }
                    return lines.last?.contains(#""outcome":"withheld""#)
                }
                gateway.child.send(signal: SIGTERM)
                #expect(try await gateway.child.finish() == 0)
                try await poll("the reader's end") { reader.isRunning ? nil : true }
                let collected = try scene.write(reader.output, to: "collected.log")
                let head = try #require(gateway.child.errors.split(separator: "\n").last { $0.contains("audit head") })
                let given = try #require(try JSONValue(parsing: Array(head.utf8)).object?["head"]?.string)
                let verified = try await scene.verifyAudit([collected.path, "--head", given])
                #expect(verified.status == 0, "\(verified.output)")
            }
        }

        @Test(arguments: ["renamed", "removed"])
        func `a file that is renamed or removed is replaced, and the chain goes on`(_ fate: String) async throws {
            try await withScene { scene in
                let stack = try await scene.stack()
                let gateway = try await scene.gateway(stack)
                let before = try await gateway.exchange(try await stack.token()).string("access_key_id")
                let old = gateway.audit.path + ".1"
                try FileManager.default.moveItem(atPath: gateway.audit.path, toPath: old)
                if fate == "removed" { try FileManager.default.removeItem(atPath: old) }
                let after = try await gateway.exchange(try await stack.token()).string("access_key_id")
                #expect(try gateway.allowedKeys() == [after])
                let alone = try await scene.verifyAudit([gateway.audit.path])
                #expect(alone.status == 0 && alone.output.contains("goes on from lines that were not given"))
                guard fate == "renamed" else { return }
                #expect(try String(contentsOfFile: old, encoding: .utf8).contains(before))
                let joined = try await scene.verifyAudit([old, gateway.audit.path])
                #expect(joined.status == 0 && joined.output.contains("4 lines, 1 chain, no fault"), "\(joined.output)")
            }
        }

        @Test func `a second gateway does not start on the same file`() async throws {
            try await withScene { scene in
                let stack = try await scene.stack()
                let gateway = try await scene.gateway(stack)
                let policy = try scene.write(Policy.usual(stack.issuer), to: "policy.yaml")
                let second = try await scene.run(
                    Programs.gateway, ["serve"],
                    variables: [
                        "GATEWAY_LISTEN": "127.0.0.1:0", "GATEWAY_HEALTH_LISTEN": "127.0.0.1:0",
                        "GATEWAY_ADMIN_LISTEN": "off",
                        "GATEWAY_POLICY": policy.path, "GATEWAY_AUDIT": "file:\(gateway.audit.path)",
                    ], name: "second")
                #expect(second.status != 0 && second.errors.contains("give each replica a file of its own"))
            }
        }

        @Test func `verify finds a forged line, a cut tail and a file that is none`() async throws {
            try await withScene { scene in
                let stack = try await scene.stack()
                let gateway = try await scene.gateway(stack)
                for _ in 0..<3 { #expect(try await gateway.exchange(try await stack.token()).status == 200) }
                let lines = try String(contentsOf: gateway.audit, encoding: .utf8).split(separator: "\n")
                let forged = lines.enumerated().map {
                    $0 == 1 ? String($1.replacing("octo-org", with: "acme-org")) : String($1)
                }
                try scene.write(forged.joined(separator: "\n") + "\n", to: "forged.log")
                let found = try await scene.verifyAudit([scene.file("forged.log").path])
                #expect(found.status == 1 && found.output.contains("forged.log:2: changed"), "\(found.output)")

                gateway.child.send(signal: SIGTERM)
                #expect(try await gateway.child.finish() == 0)
                let last = try #require(gateway.child.errors.split(separator: "\n").last { $0.contains("audit head") })
                let head = try #require(try JSONValue(parsing: Array(last.utf8)).object?["head"]?.string)
                try scene.write(lines.dropLast().joined(separator: "\n") + "\n", to: "cut.log")
                let unproven = try await scene.verifyAudit([scene.file("cut.log").path])
                #expect(unproven.status == 0 && unproven.output.contains("cannot be said without --head"))
                let cut = try await scene.verifyAudit([scene.file("cut.log").path, "--head", head])
                #expect(cut.status == 1 && cut.output.contains("the tail was cut"), "\(cut.output)")
                #expect(try await scene.verifyAudit([gateway.audit.path, "--head", head]).status == 0)
                try scene.write("", to: "empty.log")
                #expect(try await scene.verifyAudit([scene.file("empty.log").path]).status != 0)
                let bad = try await scene.verifyAudit([gateway.audit.path, "--head", "7"])
                #expect(bad.status != 0 && bad.errors.contains("write it as the gateway logs it"))
            }
        }

        private func isSend(_ line: Substring) -> Bool {
            [" sendto(", " sendmsg(", " writev("].contains { line.contains($0) }
        }

        /// The first answer that withholds credentials for want of a record.
        private func refusal(_ stack: Stack, _ gateway: Gateway, within count: Int) async throws -> Answer {
            for token in try await stack.tokens(count) {
                let answer = try await gateway.exchange(token)
                if answer.code == "audit_unavailable" { return answer }
                guard answer.status == 200 else { throw Unexpected("\(answer.status) \(answer.text)") }
            }
            throw Unexpected("\(count) exchanges, and the pipe is not full")
        }
    }
}

extension Scene {
    /// `audit verify` with these arguments.
    fileprivate func verifyAudit(_ arguments: [String]) async throws -> Child.Ended {
        try await run(Programs.gateway, ["audit", "verify"] + arguments, name: "verify")
    }

    /// Attaches strace to a gateway, and waits until it sees it. Its end lets go of the gateway.
    fileprivate func trace(_ gateway: Gateway, _ options: [String]) async throws -> (trace: URL, strace: Child) {
        let trace = file("trace-\(UUID().uuidString)")
        let strace = try start(
            URL(filePath: "/usr/bin/strace"),
            ["-f", "-s", "8000", "-o", trace.path, "-p", "\(gateway.child.pid)"] + options, name: "strace")
        let threads = try FileManager.default.contentsOfDirectory(atPath: "/proc/\(gateway.child.pid)/task")
        try await poll("strace") {
            let traced = try threads.allSatisfy {
                try gateway.child.proc("task/\($0)/status").contains("TracerPid:\t\(strace.pid)")
            }
            return traced ? true : nil
        }
        return (trace, strace)
    }

    /// A gateway that audits to standard output, and the program that reads it.
    fileprivate func gatewayWithReader(_ stack: Stack) async throws -> (gateway: Gateway, reader: Child) {
        let pipe = file("pipe")
        guard unsafe mkfifo(pipe.path, 0o600) == 0 else { throw Unexpected("mkfifo: \(errno)") }
        let reader = try start(URL(filePath: "/bin/cat"), [pipe.path], name: "reader")
        let variables = [
            "GATEWAY_LISTEN": "127.0.0.1:0", "GATEWAY_HEALTH_LISTEN": "127.0.0.1:0",
            "GATEWAY_ADMIN_LISTEN": "off",
            "GATEWAY_DRAIN_DELAY": "0s",
            "GATEWAY_POLICY": try write(Policy.usual(stack.issuer), to: "policy.yaml").path,
            "GATEWAY_STS_ENDPOINT": stack.sts, "GATEWAY_AUDIT": "stdout", "GATEWAY_AUDIT_PATIENCE": "500ms",
            "GATEWAY_READY_FILE": file("gateway.json").path,
        ]
        let shell = URL(filePath: "/bin/sh")
        let child = try start(
            shell, ["-c", #"exec "$0" serve >"$1""#, Programs.gateway.path, pipe.path], variables: variables,
            name: "gateway")
        let gateway = try await gateway(child, variables)
        try await gateway.awaitReady()
        return (gateway, reader)
    }
}
