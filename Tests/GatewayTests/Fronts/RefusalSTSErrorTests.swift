import ExchangeAPI
import ExchangeCore
import MicroHTTPD
import Secrets
import Testing

@testable import Gateway

/// The mapping from reasons to AWS's errors, on the same rows as the mapping to problems.
struct RefusalSTSErrorTests {
    private static let codes: [ProblemCode: (status: Int, code: String)] = [
        .invalidRequest: (400, "ValidationError"), .tokenMissing: (400, "InvalidIdentityToken"),
        .tokenMalformed: (400, "InvalidIdentityToken"), .tokenSignatureInvalid: (400, "InvalidIdentityToken"),
        .tokenUnknownIssuer: (400, "InvalidIdentityToken"), .tokenUnknownKey: (400, "InvalidIdentityToken"),
        .tokenExpired: (400, "ExpiredTokenException"), .tokenNotYetValid: (400, "InvalidIdentityToken"),
        .tokenAudience: (400, "InvalidIdentityToken"), .tokenType: (400, "InvalidIdentityToken"),
        .tokenClaims: (400, "InvalidIdentityToken"), .tokenTooOld: (400, "ExpiredTokenException"),
        .tokenIssuerDisabled: (400, "InvalidIdentityToken"), .emergencyDenied: (403, "AccessDenied"),
        .emergencyUnknown: (503, "ServiceUnavailable"),
        .tokenReplayed: (400, "InvalidIdentityToken"), .policyDenied: (403, "AccessDenied"),
        .roleNotAllowed: (403, "AccessDenied"), .durationNotAllowed: (403, "AccessDenied"),
        .sessionPolicyNotAllowed: (403, "AccessDenied"), .regionNotAllowed: (403, "AccessDenied"),
        .sessionPolicyTooLarge: (400, "PackedPolicyTooLarge"),
        .sessionPolicyMalformed: (400, "MalformedPolicyDocument"),
        .rateLimited: (400, "Throttling"), .stsRejected: (403, "AccessDenied"),
        .stsInvalidResponse: (400, "InvalidResponse"),
        .stsThrottled: (400, "Throttling"), .stsTimeout: (503, "ServiceUnavailable"),
        .overloaded: (503, "ServiceUnavailable"), .draining: (503, "ServiceUnavailable"),
        .auditUnavailable: (503, "ServiceUnavailable"), .keysUnavailable: (503, "ServiceUnavailable"),
        .oneUseUnavailable: (503, "ServiceUnavailable"),
        .issuerUnpublished: (503, "ServiceUnavailable"), .frontNotAllowed: (403, "AccessDenied"),
    ]
    /// What botocore asks again, in both of its modes.
    private static let retriedStatuses: Set<Int> = [429, 500, 502, 503, 504]
    private static let retriedCodes: Set<String> = ["Throttling", "ThrottlingException", "IDPCommunicationError"]

    @Test(arguments: RefusalProblemTests.rows)
    func `each refusal has AWS's code, and is asked again only where that can help`(_ row: RefusalProblemTests.Row)
        throws
    {
        let error = row.refusal.stsError
        let expected = try #require(Self.codes[row.code])
        #expect(error.status == expected.status && error.code == expected.code && error.reason == row.code.rawValue)
        let isRetried = Self.retriedStatuses.contains(error.status) || Self.retriedCodes.contains(error.code)
        #expect(isRetried == row.isRetryable)
        #expect(error.fault == (error.status == 503 || row.code == .stsInvalidResponse ? .receiver : .sender))
    }

    @Test(arguments: RefusalProblemTests.rows)
    func `no document shows a cause`(_ row: RefusalProblemTests.Row) throws {
        let requestID = RequestID()
        let response = HTTPResponse.stsError(row.refusal.stsError, requestID: requestID)
        guard case .secret(let body) = response.body else { throw ProbeFailure(reason: "no body") }
        let text = STSSamples.text(of: body).replacing(requestID.description, with: "")
        for hidden in ["CANARY", "2009-02-13", "1234567890", "777"] { #expect(!text.contains(hidden)) }
        guard case .refused(let error) = try STSAnswer(parsing: body) else { throw ProbeFailure(reason: text) }
        #expect(error.requestID == requestID.description && error.code == row.refusal.stsError.code)
        #expect(response.headers.first { $0.name == "Retry-After" }?.value == row.retryAfter)
    }

    @Test func `AWS's own code is passed on with AWS's status`() {
        for (code, status) in [
            ("IDPRejectedClaim", 403), ("RegionDisabledException", 403), ("IDPCommunicationError", 400),
            ("ExpiredTokenException", 400), ("ValidationError", 400),
        ] {
            let error = Refusal.stsRejected(code: code, message: "Because.", requestID: nil).stsError
            #expect(error.code == code && error.status == status && error.message == "Because.")
        }
    }
}
