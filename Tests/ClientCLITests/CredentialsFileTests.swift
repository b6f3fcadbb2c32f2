import ExchangeAPI
import Foundation
import Secrets
import Testing

@testable import ClientCLI

@Suite struct CredentialsFileTests {
    private func text(_ secret: Secret) -> String {
        secret.withBytes { bytes in String(decoding: bytes.indices.map { bytes[$0] }, as: UTF8.self) }
    }

    private func section(_ profile: String) throws -> CredentialsSection {
        try CredentialsSection(profile: profile, CheckedCredentials(checking: Fixture.response()))
    }

    private func replacing(_ profile: String, in old: String) throws -> String {
        try text(CredentialsFile(parsing: Secret(old)).replacing([section(profile)]))
    }

    private static let other = "[other]\r\nkey = a=b ; no comment\r\n  continued = x\n\n"
    private static let ours = """
        [dev]
        aws_access_key_id=ASIAIOSFODNN7EXAMPLE
        aws_secret_access_key=\(Fixture.secretKey)
        aws_session_token=\(Fixture.sessionToken)

        """

    /// A file, and what becomes of it.
    private static let files: [(String, String)] = [
        ("", ours), ("# mine\n", "# mine\n" + ours), (other, other + ours), ("[other]\na=b", "[other]\na=b\n" + ours),
        ("[dev]\naws_access_key_id=old\nregion=x\n", ours), ("[dev]", ours), ("[dev]  # comment\r\na=b\r\n", ours),
        ("[ dev ]\na=b\n", ours), (other + "[dev]\na=b\n" + other, other + ours + other),
        ("[dev]\na=b\n# of other\n\n" + other, ours + "# of other\n\n" + other),
        ("[dev]\na=b\n" + other + "[dev]\nc=d\n", ours + other), ("a=b\n[DEV]\na=b\n", "a=b\n[DEV]\na=b\n" + ours),
        ("[dev.x]\n[de v]\n", "[dev.x]\n[de v]\n" + ours), ("[dev]\n#[dev]\na=b\n;x", ours + ";x"),
    ]

    @Test(arguments: files) func `replaces its own section and leaves the others byte for byte`(
        old: String, new: String
    ) throws {
        #expect(try replacing("dev", in: old) == new)
        // A second run changes nothing: no second section, no growth.
        #expect(try replacing("dev", in: new) == new)
    }

    @Test func `writes several sections at once`() throws {
        let sections = try [section("dev"), section("prod")]
        let new = try text(CredentialsFile(parsing: Secret("[prod]\na=b\n" + Self.other)).replacing(sections))
        let prod = Self.ours.replacing("[dev]", with: "[prod]")
        #expect(new == prod + Self.other + Self.ours)
    }

    @Test(arguments: [
        (" [dev]\na=b\n", "line 1 begins a section behind a space"), ("\u{FEFF}[dev]\n", "byte order mark"),
        ("[a]\n[dev\n", "line 2 is no section name"), ("[dev]x]\n", "is no section name"), ("[]\n", "is no section"),
        ("[dev] a=b\n", "is no section name"), ("[a]\r[dev]\n", "carriage return"), ("[a]\nb=\0\n", "zero byte"),
    ])
    func `refuses what SDKs read in different ways, by its line`(old: String, words: String) {
        #expect {
            try replacing("dev", in: old)
        } throws: { "\($0)".contains(words) }
    }

    @Test(.enabled(if: Command.hasBotocore, "python3 with botocore is not installed"))
    func `reads the same to Python's parser, section by section`() throws {
        let path = FileManager.default.temporaryDirectory.appending(path: "creds-\(UUID().uuidString)").path
        defer { try? FileManager.default.removeItem(atPath: path) }
        try replacing("dev", in: "[first]\na=1\n[dev]\nb=2\n# of last\n[last]\nc=3").write(
            toFile: path, atomically: false, encoding: .utf8)
        let script = """
            import configparser, sys
            parser = configparser.RawConfigParser()
            parser.read(sys.argv[1])
            print({name: list(parser[name]) for name in parser.sections()})
            """
        let keys = "['aws_access_key_id', 'aws_secret_access_key', 'aws_session_token']"
        #expect(
            try Command.run("python3", ["-c", script, path])
                == "{'first': ['a'], 'dev': \(keys), 'last': ['c']}\n")
    }
}
