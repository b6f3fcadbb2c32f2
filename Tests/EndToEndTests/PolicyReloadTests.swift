import Foundation
import StrictJSON
import Testing

extension EndToEnd {
    /// A policy that changes while the gateway runs.
    @Suite struct `policy reload` {
        @Test func `a ConfigMap that is swapped decides anew, and a faulty one does not`() async throws {
            try await withScene { scene in
                let stack = try await scene.stack()
                let map = try ConfigMap(scene.file("policy.d"))
                try await map.swap(to: Policy.usual(stack.issuer), scene)
                let gateway = try await scene.gateway(stack, settings: ["GATEWAY_POLICY": map.folder.path])
                let token = try await stack.token()
                #expect(try await gateway.exchange(token).status == 200)

                try await map.swap(to: Policy.usual(stack.issuer, repo: "other-repo"), scene)
                try await awaitReload("replaced", of: gateway)
                let denied = try await gateway.exchange(token)
                #expect(denied.status == 403)
                #expect(denied.code == "policy_denied")

                try await map.swap(to: "rules: [", scene)
                try await awaitReload("failed", of: gateway)
                #expect(gateway.child.errors.contains("the policy is faulty; the last good one stays"))
                #expect(
                    try await gateway.exchange(token).code == "policy_denied", "the last good policy decides no more")
                #expect(try await gateway.readyz().status == 200)
            }
        }

        @Test func `SIGHUP reads the policy again, changed or not`() async throws {
            try await withScene { scene in
                let stack = try await scene.stack()
                let policy = try scene.write(Policy.usual(stack.issuer), to: "policy.yaml")
                let gateway = try await scene.gateway(stack, settings: ["GATEWAY_POLICY": policy.path])
                gateway.child.send(signal: SIGHUP)
                try await awaitReload("unchanged", of: gateway)
                let token = try await stack.token()
                #expect(try await gateway.exchange(token).status == 200)
                try scene.write(Policy.usual(stack.issuer, repo: "other-repo"), to: "policy.yaml")
                gateway.child.send(signal: SIGHUP)
                try await awaitReload("replaced", of: gateway)
                #expect(try await gateway.exchange(token).code == "policy_denied")
            }
        }

        private func awaitReload(_ result: String, of gateway: Gateway) async throws {
            try await poll("a reload that is \(result)") {
                let count = try await gateway.metric(#"vela_gateway_policy_reloads_total{result="\#(result)"}"#)
                return count ?? 0 > 0 ? true : nil
            }
        }
    }
}

/// A folder as Kubernetes makes it of a ConfigMap: the files are links through `..data`, which is swapped in one rename.
private final class ConfigMap {
    let folder: URL
    private var version = 0

    init(_ folder: URL) throws {
        self.folder = folder
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: false)
        let link = folder.appending(path: "policy.yaml").path
        try FileManager.default.createSymbolicLink(atPath: link, withDestinationPath: "..data/policy.yaml")
    }

    func swap(to policy: String, _ scene: Scene) async throws {
        version += 1
        let new = folder.appending(path: "..version-\(version)")
        try FileManager.default.createDirectory(at: new, withIntermediateDirectories: false)
        let file = new.appending(path: "policy.yaml")
        try Data(policy.utf8).write(to: file)
        try FileManager.default.setAttributes([.posixPermissions: 0o644], ofItemAtPath: file.path)
        let temporary = folder.appending(path: "..data_tmp").path
        try FileManager.default.createSymbolicLink(atPath: temporary, withDestinationPath: new.lastPathComponent)
        // Replaces the link in one rename.
        let mv = try await scene.run(
            URL(filePath: "/bin/mv"), ["-T", temporary, folder.appending(path: "..data").path], name: "mv")
        guard mv.status == 0 else { throw Unexpected("mv: \(mv.errors)") }
    }
}
