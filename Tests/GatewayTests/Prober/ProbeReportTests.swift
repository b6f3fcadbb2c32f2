import ExchangeAPI
import Secrets
import StrictJSON
import TestSupport
import Testing

@testable import Gateway

/// What a run prints and writes.
struct ProbeReportTests {
    private static func report(_ faults: [ProbeFault?]) -> ProbeReport {
        let findings = zip(ProbeCheck.Name.allCases, faults).map { name, fault in
            let check = ProbeCheck(
                name: name, question: .identity, token: Secret("CANARY"),
                expectation: .refusal([.tokenMissing, .policyDenied]))
            let body = Problem(
                code: fault == nil ? "policy_denied" : "overloaded", title: "", status: 503, detail: "CANARY",
                retryable: true, requestID: "")
            let answer = GatewayAnswer(
                status: fault == nil ? 403 : 503, body: Secret(body.bytes.span),
                requestID: "0123456789abcdef0123456789abcdef")
            return ProbeFinding(check, answer, fault, duration: .milliseconds(5))
        }
        return ProbeReport(
            target: "https://gateway.example.com", mode: .served, findings: findings, duration: .milliseconds(1500),
            endedAt: ManualClock().now)
    }

    private static let fault = ProbeFault(what: "503 overloaded", remedy: "wait")

    @Test func `is a success only when there are checks and none failed`() {
        #expect(Self.report([nil, nil]).isSuccess)
        #expect(!Self.report([nil, Self.fault]).isSuccess)
        #expect(!Self.report([]).isSuccess)
    }

    @Test func `prints a line for each check and one that counts`() {
        let text = Self.report([nil, Self.fault]).text(Paint(isOn: false))
        #expect(
            text == """
                ok    good_token: 403 policy_denied
                FAIL  no_token: 503 overloaded, expected 401 token_missing or 403 policy_denied, request id 0123456789abcdef0123456789abcdef; wait
                1 as expected, 1 not, https://gateway.example.com
                """)
    }

    @Test func `prints one JSON document`() throws {
        let json = Self.report([nil, Self.fault]).json
        let object = try #require(try JSONValue(parsing: Array(json.utf8)).object)
        #expect(object["success"] == false && object["expect"] == "served" && object["duration_ms"] == 1500)
        let checks = try #require(object["checks"]?.array?.map { $0.object ?? [:] })
        #expect(checks.map { $0["success"] } == [true, false])
        #expect(
            checks[0]["problem"] == nil && checks[1]["problem"] == "503 overloaded" && checks[1]["remedy"] == "wait")
        #expect(checks[1]["code"] == "overloaded" && checks[1]["status"] == 503 && checks[1]["duration_ms"] == 5)
        #expect(!json.contains("CANARY"))
    }

    @Test func `writes a value for the run and for each check`() {
        let lines = String(decoding: Self.report([nil, Self.fault]).exposition, as: UTF8.self).split(separator: "\n")
        #expect(
            lines.filter { !$0.hasPrefix("#") } == [
                "vela_gateway_probe_success 0", #"vela_gateway_probe_check_success{check="good_token"} 1"#,
                #"vela_gateway_probe_check_success{check="no_token"} 0"#, "vela_gateway_probe_duration_seconds 1.5",
                "vela_gateway_probe_last_run_timestamp_seconds 1767225845",
            ])
    }

    @Test(.enabled(if: Promtool.isThere, "promtool is not installed: Scripts/install-dependencies test"))
    func `promtool finds nothing wrong with the metrics, of a run that could not begin either`() throws {
        for faults in [[], [nil], [nil, Self.fault]] as [[ProbeFault?]] {
            #expect(try Promtool.complaint(about: Self.report(faults).exposition) == nil)
        }
    }
}
