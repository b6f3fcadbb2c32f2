import ExchangeAPI
import Foundation
import StrictJSON
import Testing

@testable import ClientCLI

/// `output: json`, the warnings, and the page that explains the errors.
@Suite struct OutputTests {
    private func fixture(_ server: StandIn) -> Fixture {
        let fixture = Fixture(server)
        fixture.variables["PARAMETER_OUTPUT"] = "json"
        fixture.variables["PARAMETER_SCRIPT_WRITE"] = "true"
        return fixture
    }

    private func object(_ text: String) throws -> JSONObject {
        #expect(text.hasSuffix("\n") && text.split(separator: "\n").count == 1)
        return try #require(JSONValue(parsing: text).object)
    }

    @Test func `prints the result without a secret, and nothing on standard error`() throws {
        let fixture = fixture(Fixture.server())
        #expect(fixture.run() == 0)
        #expect(fixture.errors.isEmpty)
        let result = try object(fixture.output)
        #expect(result["script_path"]?.string == "\(fixture.root)/secrets/aws/setup.sh")
        let credentials = try #require(result["credentials"]?.array?.first?.object)
        #expect(credentials["role"]?.string == Fixture.role && credentials["request_id"]?.string == "req-1")
        #expect(!fixture.output.contains(Fixture.secretKey) && !fixture.output.contains(Fixture.sessionToken))
    }

    @Test func `prints an error as one object`() throws {
        let fixture = fixture(Fixture.server { _ in Fixture.problem(403, "policy_denied", "No.") })
        #expect(fixture.run() == 1)
        let error = try object(fixture.errors)
        #expect(fixture.output.isEmpty && error["level"]?.string == "error")
        #expect(error["kind"]?.string == "gateway_refused" && error["code"]?.string == "policy_denied")
        #expect(error["request_id"]?.string == "req-9" && error["remedy"]?.string?.isEmpty == false)
    }

    @Test func `prints all faults in one object`() throws {
        let fixture = fixture(Fixture.server())
        fixture.variables["PARAMETER_REGION"] = "?"
        fixture.arguments = ["--bogus"]
        #expect(fixture.run() == 1)
        let error = try object(fixture.errors)
        #expect(error["kind"]?.string == "invalid_parameters" && error["faults"]?.array?.count == 2)
    }

    @Test func `names the kind of a network's failure`() throws {
        let fixture = fixture(Fixture.server())
        fixture.variables["PARAMETER_GATEWAY_URL"] = "http://127.0.0.1:\(StandIn.unusedPort())"
        fixture.variables["PARAMETER_LOG_LEVEL"] = "error"
        #expect(fixture.run() == 1)
        #expect(try object(fixture.errors)["kind"]?.string == "not_connected")
    }

    /// How JSON is asked for, in a run that may not begin.
    @Test(arguments: ["variable", "flag", "file"]) func `refuses to run with core dumps in the form asked for`(
        source: String
    ) throws {
        let server = Fixture.server()
        let fixture = Fixture(server)
        switch source {
        case "variable": fixture.variables["AWS_CREDENTIALS_OUTPUT"] = "json"
        case "flag": fixture.arguments = ["--output=json"]
        default: try fixture.write("parameters", "output", "json")
        }
        #expect(ClientProgram.runAsProcess(fixture.environment, harden: { false }) == 1)
        #expect(try object(fixture.errors)["kind"]?.string == "core_dumps_on")
        #expect(fixture.output.isEmpty && server.requests.isEmpty)
    }

    @Test func `refuses to run with core dumps in words`() {
        let fixture = Fixture()
        #expect(ClientProgram.runAsProcess(fixture.environment, harden: { false }) == 1)
        #expect(fixture.errors.hasPrefix("error: core dumps cannot be turned off"))
    }

    @Test(arguments: [("mine", "warn"), ("vela", "debug"), ("theirs", nil)] as [(String, String?)])
    func `tells when the rule names the session otherwise`(asked: String, level: String?) {
        let fixture = Fixture(Fixture.server { _ in Fixture.credentials(["session_name": "theirs"]) })
        fixture.variables["PARAMETER_ROLE_SESSION_NAME"] = asked
        fixture.variables["PARAMETER_LOG_LEVEL"] = "debug"
        #expect(fixture.run() == 0)
        let words = "the session is named theirs by the gateway's rule, not \(asked)"
        #expect(fixture.errors.contains(words) == (level != nil))
        if let level { #expect(fixture.errors.contains("\(level): \(words)")) }
    }

    @Test func `warns of rules under observation`() {
        let fixture = Fixture(Fixture.server { _ in Fixture.credentials(observedRules: ["no-forks", "new"]) })
        #expect(fixture.run() == 0)
        for rule in ["no-forks", "new"] {
            #expect(
                fixture.errors.contains("warn: the rule \(rule) is under observation, and this step would be refused"))
        }
    }

    @Test func `has an entry for every kind and every code, and for no other`() throws {
        let page = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "../../docs/errors.md")
        let rows = try String(contentsOf: page, encoding: .utf8).split(separator: "\n").filter { $0.hasPrefix("| `") }
        let entries = rows.map { String($0.dropFirst(3).prefix { $0 != "`" }) }
        #expect(entries == FailureKind.allCases.map(\.rawValue) + ProblemCode.allCases.map(\.rawValue))
        for code in ProblemCode.allCases { #expect(code.remedy.hasSuffix(".")) }
    }
}
