import ExchangeAPI
import Foundation
import Secrets
import Testing

@testable import ClientCLI

@Suite struct CredentialScriptTests {
    private func response(_ changes: (inout CredentialsResponse) -> Void = { _ in }) -> CredentialsResponse {
        Fixture.response(changes)
    }

    private func render(
        _ format: ScriptFormat, _ changes: (inout CredentialsResponse) -> Void = { _ in }
    ) throws -> String {
        let content = try format.render(CheckedCredentials(checking: response(changes)))
        return content.withBytes { bytes in String(decoding: bytes.indices.map { bytes[$0] }, as: UTF8.self) }
    }

    @Test func `writes the script line by line`() throws {
        #expect(
            try render(.shell) == """
                #!/bin/sh
                unset AWS_SECURITY_TOKEN
                export AWS_ACCESS_KEY_ID='ASIAIOSFODNN7EXAMPLE'
                export AWS_SECRET_ACCESS_KEY='\(Fixture.secretKey)'
                export AWS_SESSION_TOKEN='\(Fixture.sessionToken)'
                export AWS_DEFAULT_REGION='us-west-2'
                export AWS_REGION='us-west-2'
                export AWS_CREDENTIAL_EXPIRATION='2026-01-02T03:04:05Z'

                """)
    }

    @Test func `writes the credentials file line by line`() throws {
        #expect(
            try render(.credentialFile) == """
                [default]
                aws_access_key_id=ASIAIOSFODNN7EXAMPLE
                aws_secret_access_key=\(Fixture.secretKey)
                aws_session_token=\(Fixture.sessionToken)

                """)
    }

    private static let shells = ["dash", "bash", "busybox", "zsh", "ksh93", "mksh", "lksh", "yash", "posh"]
    private static let missingShells = shells.filter { Command.find($0) == nil }

    /// A skip that can be seen in place of the tests that are not there.
    @Test(
        .enabled(
            if: missingShells.isEmpty || ProcessInfo.processInfo.environment["VAG_REQUIRE_ALL_TESTS"] == "1",
            "not installed: \(missingShells.joined(separator: ", "))"))
    func `is tried in every shell`() {
        #expect(Self.missingShells.isEmpty)
    }

    /// Tokens of every character that passes the check, where a shell, printf or an option parser might care.
    private static let tokens = [
        Fixture.sessionToken, "-n--=/+.._-=//++==-e", "=====~~".replacing("~", with: "=") + "/etc/passwd_.-+ABC",
        String(repeating: "/+=_-.aZ09", count: 1638),
    ]

    @Test(arguments: shells.filter { Command.find($0) != nil }, tokens)
    func `reads the same in every shell there is`(shell: String, token: String) throws {
        let path = FileManager.default.temporaryDirectory.appending(path: "setup-\(UUID().uuidString).sh").path
        try render(.shell) { $0.sessionToken = Secret(token) }.write(toFile: path, atomically: false, encoding: .utf8)
        defer { try? FileManager.default.removeItem(atPath: path) }
        let script = """
            AWS_SECURITY_TOKEN=old; export AWS_SECURITY_TOKEN; set -eu; . "$0"
            env | grep ^AWS_ | sort
            """
        let output = try Command.run(shell, (shell == "busybox" ? ["sh"] : []) + ["-c", script, path])
        #expect(
            Array(output.utf8)
                == Array(
                    """
                    AWS_ACCESS_KEY_ID=ASIAIOSFODNN7EXAMPLE
                    AWS_CREDENTIAL_EXPIRATION=2026-01-02T03:04:05Z
                    AWS_DEFAULT_REGION=us-west-2
                    AWS_REGION=us-west-2
                    AWS_SECRET_ACCESS_KEY=\(Fixture.secretKey)
                    AWS_SESSION_TOKEN=\(token)

                    """.utf8))
    }

    @Test(.enabled(if: Command.hasBotocore, "python3 with botocore is not installed")) func `is read by botocore`()
        throws
    {
        let path = FileManager.default.temporaryDirectory.appending(path: "creds-\(UUID().uuidString)").path
        try render(.credentialFile).write(toFile: path, atomically: false, encoding: .utf8)
        defer { try? FileManager.default.removeItem(atPath: path) }
        let script = """
            import botocore.session, sys
            session = botocore.session.Session()
            session.set_config_variable('credentials_file', sys.argv[1])
            found = session.get_credentials()
            print(found.access_key, found.secret_key, found.token, sep='\\n')
            """
        let output = try Command.run("python3", ["-c", script, path], variables: ["AWS_EC2_METADATA_DISABLED": "true"])
        #expect(output == "ASIAIOSFODNN7EXAMPLE\n\(Fixture.secretKey)\n\(Fixture.sessionToken)\n")
    }

    /// Values that would change what a shell or an SDK reads.
    private static let hostile = [
        "abcdefghijklmnop'; rm -rf /; '", "abcdefghijklmnop\nexport PATH='/evil", "abcdefghijklmnop\r",
        "$(abcdefghijklmnop)",
        "`abcdefghijklmnop`", "abcdefghijklmnop\n[other]\na=b", "abcdefghijklmnop abc", "abcdefghijklmnop\0",
        "abcdefghijklmnopé",
        "abcdefghijklmnop\\", "\"abcdefghijklmnop\"", "abcdefghijklmnop#", "", "short",
    ]

    @Test(arguments: hostile) func `refuses a hostile value in every field, without showing it`(value: String) {
        let changes: [(String, (inout CredentialsResponse) -> Void)] = [
            ("access_key_id", { $0.accessKeyID = value }),
            ("secret_access_key", { $0.secretAccessKey = Secret(value) }),
            ("session_token", { $0.sessionToken = Secret(value) }), ("expiration", { $0.expiration = value }),
        ]
        for (field, change) in changes {
            #expect {
                try CheckedCredentials(checking: response(change))
            } throws: { error in
                let words = "\(error)"
                return words.contains("'\(field)'") && (value.count < 6 || !words.contains(value))
                    && words.contains("req-1")
            }
        }
        if value != "short" {
            #expect(throws: ClientFailure.self) { try CheckedCredentials(checking: response { $0.region = value }) }
        }
    }

    @Test func `refuses a token larger than a file should hold`() {
        #expect(throws: ClientFailure.self) {
            try CheckedCredentials(
                checking: response { $0.sessionToken = Secret(String(repeating: "a", count: 16_385)) })
        }
    }
}
