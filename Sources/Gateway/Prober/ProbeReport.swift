import ExchangeAPI
import StrictJSON

/// What a check found.
struct ProbeFinding: Sendable {
    let name: ProbeCheck.Name
    /// In words, such as `401 token_missing`.
    let expected: String
    /// Nil when no answer came.
    let status: Int?
    /// The gateway's code; nil when there is no answer, or one without a code that we know.
    let code: String?
    /// The gateway's id of the request, which leads to the reason in its log and audit; nil when it gave none.
    let requestID: String?
    /// Nil when all is as expected.
    let fault: ProbeFault?
    let duration: Duration

    init(_ check: ProbeCheck, _ answer: GatewayAnswer?, _ fault: ProbeFault?, duration: Duration) {
        name = check.name
        expected = check.expectation.shown
        (status, code, requestID) = (answer?.status, answer?.code?.rawValue, answer?.requestID)
        (self.fault, self.duration) = (fault, duration)
    }

    /// What came, where it is as expected: the one code of several, or what was expected.
    fileprivate var found: String {
        guard let status, let code else { return expected }
        return "\(status) \(code)"
    }
}

/// What a run found. It holds no secret.
struct ProbeReport: Sendable {
    /// The gateway's address.
    let target: String
    let mode: ProbeMode
    /// Empty when the run could not begin.
    let findings: [ProbeFinding]
    /// Of the whole run.
    let duration: Duration
    let endedAt: Timestamp

    /// Whether every check is as expected; a run without a check has proved nothing.
    var isSuccess: Bool { !findings.isEmpty && failures == 0 }

    fileprivate var failures: Int { findings.count { $0.fault != nil } }
}

extension ProbeReport {
    /// A line for each check, and one that counts them.
    func text(_ paint: Paint) -> String {
        let lines = findings.map { finding in
            guard let fault = finding.fault else {
                return "\(paint.green("ok"))    \(finding.name.rawValue): \(finding.found)"
            }
            let id = finding.requestID.map { ", request id \($0)" } ?? ""
            return "\(paint.red("FAIL"))  \(finding.name.rawValue): \(fault.what), expected \(finding.expected)\(id); "
                + fault.remedy
        }
        let summary = "\(findings.count - failures) as expected, \(failures) not, \(target)"
        return (lines + [summary]).joined(separator: "\n")
    }

    /// `{"success":false,"gateway":"https://..","expect":"served","duration_ms":80,"checks":[{"check":"no_token","success":false,
    /// "expected":"401 token_missing","status":503,"code":"overloaded","request_id":"..","problem":"..","remedy":"..",
    /// "duration_ms":5}]}`; `status`, `code`, `request_id`, `problem` and `remedy` are missing where there is none.
    var json: String {
        var writer = JSONWriter(into: [UInt8]())
        writer.beginObject()
        writer.member("success", isSuccess)
        writer.member("gateway", target)
        writer.member("expect", mode.rawValue)
        writer.member("duration_ms", duration.wholeMilliseconds)
        writer.name("checks")
        writer.beginArray()
        for finding in findings { Self.write(finding, into: &writer) }
        writer.endArray()
        writer.endObject()
        return String(decoding: writer.finish(), as: UTF8.self)
    }

    private static func write(_ finding: ProbeFinding, into writer: inout JSONWriter<[UInt8]>) {
        writer.beginObject()
        writer.member("check", finding.name.rawValue)
        writer.member("success", finding.fault == nil)
        writer.member("expected", finding.expected)
        writer.member("status", finding.status)
        writer.member("code", finding.code)
        writer.member("request_id", finding.requestID)
        writer.member("problem", finding.fault?.what)
        writer.member("remedy", finding.fault?.remedy)
        writer.member("duration_ms", finding.duration.wholeMilliseconds)
        writer.endObject()
    }
}

extension Duration {
    fileprivate var wholeMilliseconds: Int { Int(self / .milliseconds(1)) }
}
