import ClientHTTP
import ExchangeAPI
import Foundation
import Testing

@testable import ClientCLI

@Suite struct OptionsTests {
    /// Reads the options of a step with `parameters` besides the two required ones; nil removes one of these.
    private func read(_ parameters: [String: String?], variables: [String: String] = [:]) -> (Options?, [String]) {
        let fixture = Fixture()
        fixture.variables.merge(variables) { $1 }
        for (name, value) in parameters { fixture.variables["PARAMETER_\(name.uppercased())"] = value }
        let environment = fixture.environment
        var reader = OptionsReader(Settings(flags: [:], environment: environment), environment: environment)
        _ = reader.log()
        let options = reader.options()
        return (options, reader.faults.map(\.description))
    }

    @Test func `has the defaults of the plugin before it`() throws {
        let options = try #require(read([:]).0)
        var request = CredentialsRequest(role: Fixture.role)
        request.region = "us-east-1"
        request.sessionName = "vela"
        #expect(options.role.request == request)
        #expect(options.servers.audience == "sts.amazonaws.com")
        #expect(options.servers.timeout == .seconds(60))
        #expect(options.script == nil)
        #expect(options.servers.warnings.isEmpty)
    }

    @Test func `sends what is set`() throws {
        let options = try #require(
            read([
                "region": "us-west-2", "role_duration_seconds": "900", "role_session_name": "n.1", "verify": "T",
                "inline_session_policy": "{\"Version\":\"2012-10-17\"}",
                "managed_session_policies": "arn:aws:iam::aws:policy/A, arn:b ,",
                "audience": "other", "timeout": "2m", "gateway_ca": "/ca.pem",
            ]).0)
        #expect(options.role.request.region == "us-west-2")
        #expect(options.role.request.durationSeconds == 900)
        #expect(options.role.request.sessionName == "n.1")
        #expect(options.role.request.verify)
        #expect(options.role.request.inlineSessionPolicy == .text("{\"Version\":\"2012-10-17\"}"))
        #expect(options.role.request.managedSessionPolicies == ["arn:aws:iam::aws:policy/A", "arn:b"])
        #expect(options.servers.audience == "other")
        #expect(options.servers.timeout == .seconds(120))
        #expect(options.servers.gatewayTrust.bundle == "/ca.pem")
        #expect(options.servers.velaTrust.bundle == nil)
    }

    @Test(
        arguments: [
            ("shell", nil, "secrets/aws/setup.sh", 0o600), ("credential_file", nil, "secrets/aws/creds", 0o600),
            ("shell", "0644", "secrets/aws/setup.sh", 0o644), ("credential_file", "640", "secrets/aws/creds", 0o640),
            ("env", nil, "secrets/aws/env.out", 0o600), ("json", nil, "secrets/aws/json.out", 0o600),
            ("credential_process", nil, "secrets/aws/credential_process.out", 0o600),
        ] as [(String, String?, String, UInt32)])
    func `knows where each format goes`(format: String, mode: String?, path: String, bits: UInt32) throws {
        let options = try #require(read(["script_write": "true", "script_format": format, "script_mode": mode]).0)
        let script = try #require(options.script)
        #expect(script.path.hasSuffix(path))
        #expect(script.mode.bits == bits)
    }

    @Test func `takes managed policies as a JSON array`() {
        #expect(PolicyList.parse("[\"arn:a\", \" arn:b \"]") == ["arn:a", "arn:b"])
    }

    @Test(
        arguments: [
            ("role", nil, "no role provided"), ("role", "test", "role is 'test' (from PARAMETER_ROLE)"),
            ("role", "arn:aws:iam::1:user/x", "the ARN of a role"), ("region", "us west", "region is"),
            ("region", "US-EAST-1", "region is"),
            ("role_duration_seconds", "0", "no role duration provided"),
            ("role_duration_seconds", "1h", "from 900 to 43200"),
            ("role_duration_seconds", "899", "from 900 to 43200"),
            ("role_duration_seconds", "43201", "from 900 to 43200"),
            ("role_session_name", "x", "2 to 64"), ("role_session_name", "a b", "2 to 64"),
            ("audience", "a,b", "one audience"),
            ("verify", "yes", "true or false"), ("script_write", "maybe", "true or false"),
            ("script_format", "xml", "only script formats of [shell credential_file env json credential_process] are"),
            ("profile", "a]b", "1 to 64"), ("profile", "DEFAULT", "not DEFAULT"), ("profile", "a\nb", "1 to 64"),
            ("script_mode", "0666", "nobody but the owner write"), ("script_mode", "0040", "octal"),
            ("script_mode", "999", "octal"),
            ("script_mode", "4755", "octal"), ("script_path", "/x/", "the path of a file"),
            ("log_level", "loud", "one of trace"),
            ("output", "xml", "text or json"), ("precedence", "files", "file or env"),
            ("log_format", "xml", "text or json"),
            ("timeout", "0", "1 s to 1 h"), ("timeout", "61m", "1 s to 1 h"),
            ("timeout", "m", "1 s to 1 h"),
            ("inline_session_policy", "{", "a JSON object"), ("inline_session_policy", "[]", "$$$${...}"),
            ("managed_session_policies", "x", "policy ARNs"), ("managed_session_policies", "[1]", "policy ARNs"),
            ("gateway_url", nil, "no gateway url provided"),
            ("gateway_url", "gateway.example", "must begin with https://"),
            ("gateway_url", "http://gateway.example", "allow_plaintext"),
            ("gateway_url", "https://g/?a", "without a query"),
            ("gateway_url", "http://127.0.0.1.evil.example", "allow_plaintext"),
        ] as [(String, String?, String)])
    func `refuses a parameter with words that help`(name: String, value: String?, words: String) {
        let (options, faults) = read([name: value])
        #expect(options == nil)
        #expect(faults.count == 1)
        #expect(faults.first?.contains(words) == true, "\(faults)")
    }

    @Test(arguments: [
        ("VELA_ID_TOKEN_REQUEST_URL", "", "no request token url provided"),
        (
            "VELA_ID_TOKEN_REQUEST_TOKEN", "",
            "no request token provided - make sure you have set `id_request: yes` in the step"
        ),
        ("VELA_ID_TOKEN_REQUEST_TOKEN", "", "Kubernetes runtime"),
        ("VELA_ID_TOKEN_REQUEST_TOKEN", "a\r\nX: y", "holds a character no token has"),
        ("VELA_ID_TOKEN_REQUEST_URL", "vela", "must begin with https://"),
    ])
    func `refuses what Vela did not set`(name: String, value: String, words: String) {
        let (options, faults) = read([:], variables: [name: value])
        #expect(options == nil)
        #expect(faults.count == 1)
        #expect(faults.first?.contains(words) == true, "\(faults)")
    }

    @Test func `tells all faults at once`() {
        let (_, faults) = read(["role": nil, "region": "?", "timeout": "x", "verify": "x", "gateway_url": nil])
        #expect(faults.count == 5)
    }

    @Test func `refuses two session policies at once`() {
        #expect(read(["session_policy": "a", "inline_session_policy": "{}"]).1.count == 1)
    }

    @Test(arguments: [
        "dev=arn:aws:iam::1:role/a, prod=arn:aws:iam::2:role/x=y,",
        #"{"dev":"arn:aws:iam::1:role/a","prod":"arn:aws:iam::2:role/x=y"}"#,
        #"[{"profile":"dev","role":"arn:aws:iam::1:role/a"},{"role":"arn:aws:iam::2:role/x=y","profile":"prod"}]"#,
    ])
    func `reads several roles in every form that Vela gives`(text: String) throws {
        let options = try #require(read(["role": nil, "roles": text, "region": "eu-west-1", "script_write": "true"]).0)
        #expect(options.roles.map(\.profile) == ["dev", "prod"])
        #expect(options.roles.map(\.request.role) == ["arn:aws:iam::1:role/a", "arn:aws:iam::2:role/x=y"])
        #expect(options.roles.allSatisfy { $0.request.region == "eu-west-1" })
        #expect(options.script?.format == .credentialFile)
    }

    @Test func `takes what is set for one of several roles`() throws {
        let text = """
            [{"profile":"a","role":"arn:aws:iam::1:role/a","region":"us-west-2","role_duration_seconds":900,
            "role_session_name":"one"},{"profile":"b","role":"arn:aws:iam::1:role/b","role_duration_seconds":"1800"}]
            """
        let requests = try #require(read(["role": nil, "roles": text]).0).roles.map(\.request)
        #expect(requests.map(\.region) == ["us-west-2", "us-east-1"])
        #expect(requests.map(\.durationSeconds) == [900, 1800])
        #expect(requests.map(\.sessionName) == ["one", "vela"])
    }

    @Test(arguments: [
        ("a", "no profile=ARN"), ("a=b", "not the ARN of a role"), ("=arn:aws:iam::1:role/a", "no profile=ARN"),
        ("a]=arn:aws:iam::1:role/a", "has the profile 'a]'"), ("{", "not valid JSON"), ("{}", "1 to 20 roles"),
        (",", "1 to 20 roles"), ("a=arn:aws:iam::1:role/a,a=arn:aws:iam::1:role/b", "'a' twice"),
        (#"["a=arn:aws:iam::1:role/a"]"#, "list of maps"), (#"{"a":1}"#, "not the ARN"),
        (#"[{"profile":"a","role":"arn:aws:iam::1:role/a","colour":"red"}]"#, "'colour' of 'a', which is unknown"),
        (#"[{"profile":"a","role":"arn:aws:iam::1:role/a","region":"R"}]"#, "'region' of 'a'"),
    ])
    func `refuses a list of roles with words that help`(text: String, words: String) {
        let faults = read(["role": nil, "roles": text]).1
        #expect(
            faults.first?.contains(words) == true && faults.count == 1
                && faults.first?.contains("profile=ARN,") == true, "\(faults)")
    }

    @Test(arguments: [["profile": "x"], ["role": Fixture.role], ["script_format": "shell"]])
    func `refuses what several roles cannot have`(parameters: [String: String]) {
        let roles: [String: String?] = ["role": nil, "roles": "a=arn:aws:iam::1:role/a"]
        #expect(read(roles.merging(parameters) { $1 }).1.count == 1)
    }

    @Test func `warns where http was allowed`() throws {
        let options = try #require(
            read(
                ["gateway_url": "http://gw.internal", "allow_plaintext": "true"],
                variables: ["VELA_ID_TOKEN_REQUEST_URL": "http://vela.internal/x"]
            ).0)
        #expect(options.servers.warnings.count == 2)
    }
}
