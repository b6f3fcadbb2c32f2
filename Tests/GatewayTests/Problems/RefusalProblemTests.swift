import ExchangeAPI
import ExchangeCore
import MicroHTTPD
import StrictJSON
import Testing

@testable import Gateway

/// The one mapping from reasons to answers.
struct RefusalProblemTests {
    /// A refusal with canaries where the caller must not look, and what he is told.
    struct Row: Sendable, CustomStringConvertible {
        let refusal: Refusal
        let code: ProblemCode
        let status: Int
        var isRetryable = false
        var retryAfter: String?
        /// What the detail must show.
        var shows: [String] = []
        var description: String { code.rawValue }
    }

    private static let canary = "CANARY-7f3a"
    /// A moment whose text is a canary as well.
    private static let moment = Timestamp(seconds: 1_234_567_890)

    // By subject: one list of all crashes the compiler of Swift 6.3.1 ("Instruction does not dominate all uses").
    static let rows = tokenRows + policyRows + stsRows + gatewayRows

    private static let tokenRows: [Row] = [
        Row(refusal: .invalidRequest("shown"), code: .invalidRequest, status: 400, shows: ["shown"]),
        Row(refusal: .tokenMissing, code: .tokenMissing, status: 401),
        Row(refusal: .tokenMalformed(cause: canary), code: .tokenMalformed, status: 401),
        Row(refusal: .tokenSignatureInvalid(cause: canary), code: .tokenSignatureInvalid, status: 401),
        Row(refusal: .tokenUnknownIssuer(issuer: canary), code: .tokenUnknownIssuer, status: 401),
        Row(refusal: .tokenIssuerDisabled(issuer: canary), code: .tokenIssuerDisabled, status: 401),
        Row(refusal: .tokenUnknownKey(issuer: canary, keyID: canary), code: .tokenUnknownKey, status: 401),
        Row(refusal: .tokenExpired(at: moment), code: .tokenExpired, status: 401),
        Row(refusal: .tokenNotYetValid(until: moment), code: .tokenNotYetValid, status: 401),
        Row(
            refusal: .tokenAudience(seen: [canary], expected: ["one", "two"]), code: .tokenAudience, status: 401,
            shows: ["'audience'", "one or two"]),
        Row(refusal: .tokenType(seen: canary), code: .tokenType, status: 401),
        Row(refusal: .tokenClaims(cause: canary), code: .tokenClaims, status: 401),
        Row(
            refusal: .tokenTooOld(age: .seconds(777), maximum: .seconds(60)), code: .tokenTooOld, status: 401,
            shows: ["60 s"]),
        Row(refusal: .tokenReplayed, code: .tokenReplayed, status: 401),
        Row(
            refusal: .keysUnavailable(issuer: canary, cause: canary, retryAfter: .milliseconds(6100)),
            code: .keysUnavailable,
            status: 503, isRetryable: true, retryAfter: "7"),
    ]

    private static let policyRows: [Row] = [
        Row(refusal: .policyDenied(rule: canary, cause: canary), code: .policyDenied, status: 403),
        Row(refusal: .emergencyDenied(rule: canary, cause: canary), code: .emergencyDenied, status: 403),
        Row(refusal: .roleNotAllowed(rule: canary), code: .roleNotAllowed, status: 403),
        Row(
            refusal: .regionNotAllowed(rule: canary, allowed: ["us-west-2"]), code: .regionNotAllowed, status: 403,
            shows: ["us-west-2"]),
        Row(
            refusal: .durationNotAllowed(rule: canary, maximum: .seconds(1800)), code: .durationNotAllowed, status: 403,
            shows: ["1800 s"]),
        Row(
            refusal: .sessionPolicyNotAllowed(rule: canary, reason: "shown"), code: .sessionPolicyNotAllowed,
            status: 403,
            shows: ["shown"]),
        Row(
            refusal: .sessionPolicyTooLarge(reason: "shown"), code: .sessionPolicyTooLarge, status: 422,
            shows: ["shown"]),
        Row(
            refusal: .sessionPolicyMalformed(reason: "shown"), code: .sessionPolicyMalformed, status: 422,
            shows: ["shown"]),
    ]

    private static let stsRows: [Row] = [
        Row(
            refusal: .stsRejected(code: "AccessDenied", message: "Not authorized", requestID: canary),
            code: .stsRejected,
            status: 502, shows: ["AccessDenied: Not authorized"]),
        Row(
            refusal: .stsThrottled(retryAfter: .seconds(5)), code: .stsThrottled, status: 503, isRetryable: true,
            retryAfter: "5"),
        Row(refusal: .stsInvalidResponse(cause: canary), code: .stsInvalidResponse, status: 502),
        Row(refusal: .stsTimeout(cause: canary), code: .stsTimeout, status: 504, isRetryable: true),
    ]

    private static let gatewayRows: [Row] = [
        Row(
            refusal: .rateLimited(retryAfter: .zero), code: .rateLimited, status: 429, isRetryable: true,
            retryAfter: "1"),
        Row(refusal: .overloaded, code: .overloaded, status: 503, isRetryable: true, retryAfter: "1"),
        Row(refusal: .draining, code: .draining, status: 503, isRetryable: true, retryAfter: "1"),
        Row(
            refusal: .auditUnavailable(cause: canary), code: .auditUnavailable, status: 503, isRetryable: true,
            retryAfter: "5"),
        Row(
            refusal: .oneUseUnavailable(cause: canary), code: .oneUseUnavailable, status: 503, isRetryable: true,
            retryAfter: "2"),
        Row(
            refusal: .issuerUnpublished(cause: canary), code: .issuerUnpublished, status: 503, isRetryable: true,
            retryAfter: "5"),
        Row(
            refusal: .emergencyUnknown(cause: canary), code: .emergencyUnknown, status: 503, isRetryable: true,
            retryAfter: "2"),
        Row(
            refusal: .frontNotAllowed(rule: "r", allowed: [.credentials]), code: .frontNotAllowed, status: 403),
    ]

    @Test(arguments: rows)
    func `each refusal has its code, status and headers`(_ row: Row) throws {
        let requestID = RequestID()
        let response = HTTPResponse.problem(row.refusal.problem, requestID: requestID)
        let problem = try problem(in: response)
        #expect(response.status == row.status && problem.status == row.status)
        #expect(problem.code == row.code.rawValue)
        #expect(problem.retryable == row.isRetryable)
        #expect(
            problem.requestID == requestID.description && header("X-Request-Id", in: response) == requestID.description)
        #expect(!problem.title.isEmpty && !problem.detail.isEmpty)
        #expect(header("Retry-After", in: response) == row.retryAfter)
        #expect(header("Content-Type", in: response) == "application/problem+json")
        #expect(header("Cache-Control", in: response) == "no-store")
        for text in row.shows { #expect(problem.detail.contains(text)) }
    }

    @Test(arguments: rows)
    func `no answer shows a cause, and the cause is not lost`(_ row: Row) throws {
        let requestID = RequestID()
        // Without the request's id, whose random digits may be any.
        let text = String(decoding: try bytes(of: .problem(row.refusal.problem, requestID: requestID)), as: UTF8.self)
            .replacing(requestID.description, with: "")
        for hidden in [Self.canary, "2009-02-13", "1234567890", "777"] { #expect(!text.contains(hidden)) }
        #expect(!row.refusal.cause.isEmpty)
        if "\(row.refusal)".contains(Self.canary) {
            #expect("\(row.refusal.cause) \(row.refusal.rule ?? "")".contains(Self.canary) || row.code == .stsRejected)
        }
    }

    @Test(arguments: rows)
    func `only a 401 challenges, and only a bad token is called one`(_ row: Row) {
        let challenge = header("WWW-Authenticate", in: .problem(row.refusal.problem, requestID: RequestID()))
        let bad = "Bearer error=\"invalid_token\", error_description=\"\(row.code.rawValue)\""
        let expected = row.code == .tokenMissing ? "Bearer" : bad
        #expect(challenge == (row.status == 401 ? expected : nil))
    }

    @Test func `every code is tried here or belongs to the front`() {
        let fronts: Set<ProblemCode> = [
            .notFound, .methodNotAllowed, .requestTooLarge, .unsupportedMediaType, .clientCertificate,
        ]
        #expect(Set(Self.rows.map(\.code)).union(fronts) == Set(ProblemCode.allCases))
        #expect(Set(Self.rows.map(\.code)).isDisjoint(with: fronts))
    }

    @Test(arguments: ProblemCode.allCases)
    func `every code has a page with a remedy`(_ code: ProblemCode) {
        #expect((400...599).contains(code.page.status))
        #expect(!code.page.title.isEmpty && !code.page.remedy.isEmpty)
        #expect(!code.page.retryable || [429, 503, 504].contains(code.page.status))
    }

    private func header(_ name: String, in response: HTTPResponse) -> String? {
        for header in response.headers where header.name == name { return header.value }
        return nil
    }

    private func bytes(of response: HTTPResponse) throws -> [UInt8] {
        switch response.body {
        case .bytes(let bytes): return bytes
        case .secret: throw ProbeFailure(reason: "a problem is no secret")
        }
    }

    private func problem(in response: HTTPResponse) throws -> Problem {
        let bytes = try bytes(of: response)
        return try Problem(parsing: bytes.span)
    }
}
