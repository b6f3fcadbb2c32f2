import Foundation
import Testing

@testable import Gateway

/// Files of settings, and the example that documents them.
struct ConfigurationFileTests {
    private let folder: TemporaryFolder

    init() throws { folder = try TemporaryFolder() }

    @Test func `reads single values and lists`() throws {
        let entries = try read(
            "listen: 127.0.0.1:1\naudit: [stdout, \"file:/a\"]\nallow_plaintext: no # as it is written\n")
        #expect(entries.map(\.key) == ["listen", "audit", "allow_plaintext"])
        #expect(entries.map(\.value) == ["127.0.0.1:1", "stdout,file:/a", "no"])
    }

    @Test func `a group of settings is one setting for each of its members`() throws {
        let entries = try read(
            "sts_profiles:\n  one: {duration: 15m, region: eu-central-1}\n  two: {session_policy: [a, b]}\n  three: {}\n"
        )
        #expect(
            entries.map(\.key) == [
                "sts_profiles.one.duration", "sts_profiles.one.region", "sts_profiles.two.session_policy",
                "sts_profiles.three",
            ])
        #expect(entries.map(\.value) == ["15m", "eu-central-1", "a,b", ""])
        #expect(try read("sts_profiles: {}\n").map(\.key) == ["sts_profiles"])
    }

    @Test(arguments: [
        ("sts_profiles: {a: {duration: {x: 1}}}\n", "sts_profiles.a.duration"),
        ("sts_profiles: {a: {duration: 1h, duration: 2h}}\n", "twice"),
        ("sts_profiles: {a: {duration: 1h}, a: {duration: 1h}}\n", "twice"),
        ("listen: {host: a}\n", "listen"), ("audit: [[a]]\n", "audit"), ("listen: a\nlisten: b\n", "listen"),
        ("- listen\n", "key"),
        ("just text\n", "key"), ("listen: a\n---\nlisten: b\n", "document"), ("listen: &a b\n", "anchor"),
        ("", "empty"),
        ("listen: [a\n", "YAML"),
    ])
    func `refuses what is no list of settings, by file and reason`(text: String, names: String) throws {
        do {
            _ = try read(text)
            Issue.record("it was taken")
        } catch {
            #expect("\(error)".contains("settings.yaml") && "\(error)".contains(names), "\(error)")
        }
    }

    @Test func `refuses a file that is not there or too large`() throws {
        #expect(throws: StartFailure.self) { try ConfigurationFile.read(folder.file("missing.yaml")) }
        let large = try folder.write(String(repeating: "#", count: (1 << 20) + 1), to: "large.yaml")
        let error = #expect(throws: StartFailure.self) { try ConfigurationFile.read(large) }
        #expect(error?.description.contains("larger than 1 MiB") == true)
    }

    // MARK: config.example.yaml

    private static let examplePath = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
        .appendingPathComponent("../../../config.example.yaml").path
    /// Those that have no default, so that the example can show a value.
    private static let optional: Set<String> = [
        "policy", "tls_certificate", "tls_key", "tls_client_ca", "tls_client_auth", "sts_endpoint", "outbound_ca_file",
        "outbound_proxy", "ready_file", "replica", "requests_per_address", "trusted_proxies",
        "one_use_store", "one_use_store_password_file", "one_use_store_ca_file", "one_use_on_store_failure",
        "issuer_url", "issuer_keys", "issuer_keys_group_readable", "issuer_token_lifetime", "issuer_publish_ahead",
        "issuer_listen",
        "emergency_deny",
        "sts_profiles.artifacts.session_policy", "sts_profiles.artifacts.duration", "sts_profiles.artifacts.region",
    ]

    @Test func `the example holds exactly the settings that there are, and all of its values are good`() throws {
        let entries = try exampleEntries()
        let faults = faults(entries + [(key: "nonsense", value: "x")])
        let known = try #require(faults.first?.components(separatedBy: "the settings are ").last)
        #expect(faults.count == 1, "\(faults)")
        #expect(entries.map(\.key).sorted() == known.components(separatedBy: ", "))
    }

    @Test func `the example's values are the defaults`() throws {
        let minimal = try configuration([(key: "policy", value: "p")])
        for entry in try exampleEntries() where !Self.optional.contains(entry.key) {
            let one = try configuration([(key: "policy", value: "p"), entry])
            #expect("\(one)" == "\(minimal)", "\(entry)")
        }
    }

    @Test func `the example names each setting's variable, and can be used as it is`() throws {
        let text = try String(contentsOfFile: Self.examplePath, encoding: .utf8)
        // A group has no variable: a profile's name cannot stand in one.
        for entry in try exampleEntries() where !entry.key.contains(".") {
            #expect(text.contains("GATEWAY_\(entry.key.uppercased())\n"), "\(entry.key)")
        }
        #expect(try configuration(try ConfigurationFile.read(Self.examplePath)).policyPath.hasPrefix("/etc/"))
    }

    /// The example with the settings uncommented that begin a line with `#`; prose begins with `# `.
    private func exampleEntries() throws -> [(key: String, value: String)] {
        let lines = try String(contentsOfFile: Self.examplePath, encoding: .utf8).components(separatedBy: "\n")
        let uncommented = lines.map { $0.hasPrefix("#") && !$0.hasPrefix("# ") ? String($0.dropFirst()) : $0 }
        return try read(uncommented.joined(separator: "\n"))
    }

    private func read(_ text: String) throws -> [(key: String, value: String)] {
        try ConfigurationFile.read(try folder.write(text, to: "settings.yaml"))
    }

    private func configuration(_ entries: [(key: String, value: String)]) throws -> GatewayConfiguration {
        try GatewayConfiguration(Settings(flags: [], environment: [:], file: entries, fileName: "f"), hostName: "host")
    }

    private func faults(_ entries: [(key: String, value: String)]) -> [String] {
        do throws(ConfigurationError) {
            _ = try GatewayConfiguration(
                Settings(flags: [], environment: [:], file: entries, fileName: "f"), hostName: "host")
            return []
        } catch {
            return error.faults
        }
    }
}
