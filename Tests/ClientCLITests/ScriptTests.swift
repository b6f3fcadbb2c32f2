import ClientHTTP
import Foundation
import Secrets
import StrictJSON
import Testing

@testable import ClientCLI

/// What ends up on the disk.
@Suite struct ScriptTests {
    private let root = FileManager.default.temporaryDirectory.appending(path: "script-\(UUID().uuidString)").path

    private func write(_ format: ScriptFormat, profile: String = "default") throws -> String {
        let path = "\(root)/file"
        let answer = Fixture.response()
        let result = try RoleResult(
            profile: profile, answer: answer, credentials: CheckedCredentials(checking: answer))
        try Script(format: format, path: path, mode: .ownerOnly).write(
            [result], until: .after(.seconds(60)), pause: ClientEnvironment.sleep)
        return try String(contentsOfFile: path, encoding: .utf8)
    }

    @Test func `keeps the other profiles of a credentials file`() throws {
        defer { try? FileManager.default.removeItem(atPath: root) }
        let one = try write(.credentialFile, profile: "one")
        let both = try write(.credentialFile, profile: "two")
        #expect(both == one + one.replacing("[one]", with: "[two]"))
        #expect(try write(.credentialFile, profile: "one") == both)
    }

    @Test func `does not take over what a symbolic link names`() throws {
        defer { try? FileManager.default.removeItem(atPath: root) }
        try FileManager.default.createDirectory(atPath: root, withIntermediateDirectories: false)
        try "[theirs]\n".write(toFile: "\(root)/target", atomically: false, encoding: .utf8)
        try FileManager.default.createSymbolicLink(atPath: "\(root)/file", withDestinationPath: "\(root)/target")
        #expect(try !write(.credentialFile).contains("theirs"))
        #expect(try String(contentsOfFile: "\(root)/target", encoding: .utf8) == "[theirs]\n")
    }

    @Test(arguments: ["directory", "pipe", "large", "hostile"]) func `leaves alone what it cannot add to`(kind: String)
        throws
    {
        defer { try? FileManager.default.removeItem(atPath: root) }
        try FileManager.default.createDirectory(atPath: root, withIntermediateDirectories: false)
        let path = "\(root)/file"
        switch kind {
        case "directory": try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: false)
        case "pipe": _ = try Command.run("mkfifo", [path])
        case "large": #expect(FileManager.default.createFile(atPath: path, contents: Data(count: 1_048_577)))
        default: try "[default]x]\n".write(toFile: path, atomically: false, encoding: .utf8)
        }
        #expect(throws: SecretFileError.self) { try write(.credentialFile) }
        #expect(try FileManager.default.contentsOfDirectory(atPath: root) == ["file"])
    }

    @Test func `writes dotenv lines without quotes`() throws {
        defer { try? FileManager.default.removeItem(atPath: root) }
        #expect(
            try write(.env) == """
                AWS_ACCESS_KEY_ID=ASIAIOSFODNN7EXAMPLE
                AWS_SECRET_ACCESS_KEY=\(Fixture.secretKey)
                AWS_SESSION_TOKEN=\(Fixture.sessionToken)
                AWS_DEFAULT_REGION=us-west-2
                AWS_REGION=us-west-2
                AWS_CREDENTIAL_EXPIRATION=2026-01-02T03:04:05Z

                """)
    }

    @Test func `writes JSON with the gateway's names`() throws {
        defer { try? FileManager.default.removeItem(atPath: root) }
        #expect(
            try write(.json) == """
                {"access_key_id":"ASIAIOSFODNN7EXAMPLE","secret_access_key":"\(Fixture.secretKey)",\
                "session_token":"\(Fixture.sessionToken)","expiration":"2026-01-02T03:04:05Z","region":"us-west-2"}

                """)
    }

    @Test func `writes JSON with AWS's names`() throws {
        defer { try? FileManager.default.removeItem(atPath: root) }
        #expect(
            try write(.credentialProcess) == """
                {"Version":1,"AccessKeyId":"ASIAIOSFODNN7EXAMPLE","SecretAccessKey":"\(Fixture.secretKey)",\
                "SessionToken":"\(Fixture.sessionToken)","Expiration":"2026-01-02T03:04:05Z"}

                """)
    }
}
