import ExchangeCore
import Foundation
import Testing

@testable import Gateway

@Suite struct PolicyFilesTests {
    private static func faults(_ files: PolicyFiles) -> [PolicyFault] {
        do throws(PolicyFaults) {
            _ = try files.loadPolicy()
            return []
        } catch {
            return error.faults
        }
    }

    @Test func `a folder is one policy, in the order of the names`() throws {
        let folder = try PolicyFolder()
        try folder.write(PolicyFolder.rules("last"), to: "20-rules.yml")
        try folder.write(PolicyFolder.rules("first"), to: "10-rules.yaml")
        try folder.write(PolicyFolder.issuers, to: "00-issuers.yaml")
        try folder.write("not: [yaml", to: "README.md")
        try folder.write("not: [yaml", to: ".hidden.yaml")
        let policy = try PolicyFiles(path: folder.path).loadPolicy()
        #expect(policy.ruleNames == ["first", "last"])
        #expect(policy.issuers.map(\.name) == ["vela"])
    }

    @Test func `one file is a policy, with the digest it has in a folder`() throws {
        let folder = try PolicyFolder()
        let path = try folder.write(PolicyFolder.whole("one"))
        let policy = try PolicyFiles(path: path).loadPolicy()
        #expect(policy.ruleNames == ["one"])
        #expect(try PolicyFiles(path: folder.path).loadPolicy().digest == policy.digest)
    }

    @Test func `the sample policy loads and is the example of the documentation`() throws {
        let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().appendingPathComponent("../../..")
        let sample = root.appendingPathComponent("deploy/policy/policy.d").standardizedFileURL.path
        let policy = try PolicyFiles(path: sample, allowsWritableByOthers: true).loadPolicy()
        #expect(policy.ruleNames.contains("octo-repo"))
        let document = try String(contentsOf: root.appendingPathComponent("docs/policy.md"), encoding: .utf8)
        for block in document.components(separatedBy: "```yaml policy\n").dropFirst() {
            let text = try #require(block.components(separatedBy: "\n```").first)
            let folder = try PolicyFolder()
            try folder.write(text + "\n")
            #expect(try !PolicyFiles(path: folder.path).loadPolicy().ruleNames.isEmpty)
        }
    }

    @Test(arguments: [0o664, 0o646, 0o666, 0o622]) func `a file that others may write is refused unless allowed`(
        _ mode: Int
    ) throws {
        let folder = try PolicyFolder()
        try folder.write(PolicyFolder.whole("one"), mode: mode)
        let faults = Self.faults(PolicyFiles(path: folder.path))
        #expect(faults.count == 1)
        #expect(faults.first?.message.contains("chmod go-w") == true, "\(faults)")
        #expect(faults.first?.file == "policy.yaml")
        #expect(Self.faults(PolicyFiles(path: folder.path, allowsWritableByOthers: true)).isEmpty)
    }

    @Test func `what is no readable file is refused and never waited for`() throws {
        let folder = try PolicyFolder()
        try folder.write(PolicyFolder.whole("one"))
        try FileManager.default.createDirectory(
            atPath: folder.path + "/folder.yaml", withIntermediateDirectories: false)
        try FileManager.default.createSymbolicLink(
            atPath: folder.path + "/dangling.yaml", withDestinationPath: "nowhere")
        let made = unsafe mkfifo(folder.path + "/pipe.yaml", 0o644)
        #expect(made == 0)
        let faults = Self.faults(PolicyFiles(path: folder.path))
        #expect(faults.map(\.file) == ["dangling.yaml", "folder.yaml", "pipe.yaml"], "\(faults)")
        #expect(faults.dropFirst().allSatisfy { $0.message.contains("not a regular file") }, "\(faults)")
    }

    @Test func `an empty folder and none at all are refused`() throws {
        let folder = try PolicyFolder()
        #expect(Self.faults(PolicyFiles(path: folder.path)).first?.message.contains("no *.yaml") == true)
        #expect(Self.faults(PolicyFiles(path: folder.path + "/none")).first?.message.contains("no such file") == true)
    }

    @Test func `a file over 8 MiB is refused unread`() throws {
        let folder = try PolicyFolder()
        try folder.write(PolicyFolder.whole("one") + String(repeating: "#", count: YAMLReader.maximumSize))
        #expect(Self.faults(PolicyFiles(path: folder.path)).first?.message.contains("is over 8388608 bytes") == true)
    }

    @Test func `faults of syntax in several files come together, then those of meaning with line, column and rule`()
        throws
    {
        let folder = try PolicyFolder()
        try folder.write("a: [", to: "a.yaml")
        try folder.write("a: !!str 'x'\n", to: "b.yaml")
        #expect(Set(Self.faults(PolicyFiles(path: folder.path)).map(\.file)) == ["a.yaml", "b.yaml"])
        try folder.write(PolicyFolder.issuers, to: "a.yaml")
        try folder.write(
            """
            version: 1
            rules:
              - name: one
                issuer: vela
                condition:
                  StringLke: { sub: "x*" }
                  StringEquals: { evnt: push, event: [push, "${x}"] }
                roles:
                  - arn:aws:iam::123456123456:role/test
                  - nonsense
                max_duraton: 1h
            """, to: "b.yaml")
        let faults = Self.faults(PolicyFiles(path: folder.path))
        #expect(
            faults.compactMap(\.position) == [
                SourcePosition(line: 6, column: 7), SourcePosition(line: 7, column: 23),
                SourcePosition(line: 7, column: 49),
                SourcePosition(line: 10, column: 9), SourcePosition(line: 11, column: 5),
            ], "\(faults)")
        #expect(faults.allSatisfy { $0.file == "b.yaml" && $0.rule == "one" })
    }

    @Test func `a key file is looked for beside the policy, under the same rules`() throws {
        let folder = try PolicyFolder()
        try folder.write(
            PolicyFolder.whole("one").replacingOccurrences(
                of: "claims: vela", with: "claims: vela\n    keys_file: vela.jwks"))
        #expect(
            Self.faults(PolicyFiles(path: folder.path)).first?.message.contains(
                "keys_file 'vela.jwks': cannot be opened") == true)
        let modulus = "v" + String(repeating: "-_Z3", count: 85) + "Q"
        let keys = #"{"keys": [{"kty": "RSA", "kid": "k", "n": "\#(modulus)", "e": "AQAB"}]}"#
        try folder.write(keys, to: "vela.jwks", mode: 0o666)
        #expect(Self.faults(PolicyFiles(path: folder.path)).first?.message.contains("chmod go-w") == true)
        try folder.write(keys, to: "vela.jwks")
        let policy = try PolicyFiles(path: folder.path).loadPolicy()
        #expect(policy.issuers.map(\.keySource) == [.staticKeys(Array(keys.utf8))])
        #expect(try PolicyFiles(path: folder.path + "/policy.yaml").loadPolicy().digest == policy.digest)
    }
}
