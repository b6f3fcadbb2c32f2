import ExchangeCore
import Foundation
import Glibc
import OutboundHTTP
import Secrets
import StrictJSON
import Testing

@testable import Gateway

/// The call as a whole, against a scripted STS on a real socket.
struct STSClientTests {
    @Test func `sends one unsigned form and returns the checked credentials`() async throws {
        try await withSTS([.http(200, STSSamples.success)]) { (sts, client) async throws in
            let outcome = try await client.assumeRole(
                try STSSamples.call(), presenting: Secret(STSSamples.token + "\n"), before: .now + .seconds(3600))
            #expect(outcome.attempts == 1 && !outcome.isClockDoubtful)
            #expect(outcome.credentials.accessKeyID == "ASIAIOSFODNN7EXAMPLE")
            #expect(STSSamples.text(of: outcome.credentials.sessionToken) == "FwoGZXIvYXdzEA//+token==")
            #expect(outcome.credentials.stsRequestID == "ad4156e9-bce1-11e2-82e6-6b6efEXAMPLE")
            let request = try #require(sts.requests.first)
            #expect(request.hasPrefix("POST / HTTP/1.1\r\n"))
            #expect(request.contains("\r\nContent-Type: application/x-www-form-urlencoded\r\n"))
            #expect(!request.lowercased().contains("authorization:"))
            #expect(request.hasSuffix("&WebIdentityToken=\(STSSamples.token)"))
        }
    }

    /// The table of AWS's errors: what is answered, and how often STS was asked.
    @Test(arguments: [
        Row(400, "MalformedPolicyDocument", "m", 1, .sessionPolicyMalformed(reason: "AWS: m")),
        Row(400, "PackedPolicyTooLarge", "m", 1, .sessionPolicyTooLarge(reason: "AWS: m")),
        Row(403, "IDPRejectedClaim", "m", 1), Row(400, "IDPCommunicationError", "m", 3),
        Row(400, "InvalidIdentityToken", "No OpenIDConnect provider found in your account for x", 1),
        Row(400, "InvalidIdentityToken", "Incorrect token audience", 1),
        Row(400, "InvalidIdentityToken", "Couldn't retrieve verification key from your identity provider", 3),
        Row(400, "ExpiredTokenException", "m", 1), Row(403, "RegionDisabledException", "m", 1),
        Row(403, "AccessDenied", "Not authorized to perform sts:AssumeRoleWithWebIdentity", 1),
        Row(
            400, "ValidationError", "The requested DurationSeconds exceeds the MaxSessionDuration set for this role.", 1
        ),
        Row(400, "Throttling", "Rate exceeded", 3, .stsThrottled(retryAfter: .seconds(5))),
        Row(429, "Anything", "m", 3, .stsThrottled(retryAfter: .seconds(5))),
        Row(500, "InternalFailure", "m", 3, .stsTimeout(cause: "HTTP 500 InternalFailure")),
        Row(503, "ServiceUnavailable", "m", 3, .stsTimeout(cause: "HTTP 503 ServiceUnavailable")),
    ])
    func `answers AWS's errors and retries only what may pass`(row: Row) async throws {
        try await withSTS([.http(row.status, STSSamples.error(row.code, row.message))]) { (sts, client) async throws in
            let failure = try await failure(of: client)
            #expect(failure == STSFailure(refusal: row.refusal, reachedSTS: true, attempts: row.attempts))
            #expect(sts.requests.count == row.attempts)
        }
    }

    @Test(arguments: [500, 502, 503, 504])
    func `retries a server error whatever its body`(status: Int) async throws {
        try await withSTS([.http(status, "<html></html>")]) { (sts, client) async throws in
            #expect(try await failure(of: client)?.refusal == .stsTimeout(cause: "HTTP \(status)"))
            #expect(sts.requests.count == 3)
        }
    }

    @Test(arguments: [
        (200, "<html></html>"), (200, ""), (200, String(STSSamples.success.dropLast(20))),
        (200, STSSamples.error("AccessDenied")),
        (200, STSSamples.success.replacing("ASIAIOSFODNN7EXAMPLE", with: "")), (201, STSSamples.success), (204, ""),
        (301, ""), (307, STSSamples.success), (400, "<html></html>"), (403, "{}"), (404, "not here"),
        (500, STSSamples.success),
        (200, STSSamples.success.replacing("assumed-role/deploy/", with: "assumed-role/admin/")),
        (200, STSSamples.success.replacing("<Expiration>20", with: "<Expiration>19")),
    ])
    func `never takes for a success what is none, and never asks twice after a wrong 200`(status: Int, body: String)
        async throws
    {
        try await withSTS([.http(status, body)]) { (sts, client) async throws in
            let failure = try #require(try await failure(of: client))
            #expect(failure.reachedSTS && sts.requests.count == (status == 500 ? 3 : 1))
            guard status != 500 else { return }
            guard case .stsInvalidResponse(let cause) = failure.refusal else {
                Issue.record("\(failure)")
                return
            }
            #expect(cause.hasPrefix("HTTP \(status): ") && !cause.contains("ASIA") && !cause.contains("wJalr"))
        }
    }

    @Test func `refuses an answer beyond its bound`() async throws {
        let long = String(repeating: " ", count: STSClient.longestAnswer + 1)
        try await withSTS([.http(200, long)]) { (sts, client) async throws in
            guard case .stsInvalidResponse = try await failure(of: client)?.refusal else {
                Issue.record("taken")
                return
            }
            #expect(sts.requests.count == 1)
        }
    }

    @Test(arguments: [
        ScriptedSTS.Answer.cut, .cutAfter("HTTP/1.1 200 OK\r\nContent-Length: 5000\r\n\r\n<Assume"), .http(503, ""),
        .http(400, STSSamples.error("Throttling")), .http(400, STSSamples.error("IDPCommunicationError")),
    ])
    func `succeeds at the next attempt`(first: ScriptedSTS.Answer) async throws {
        try await withSTS([first, .http(200, STSSamples.success)]) { (sts, client) async throws in
            let outcome = try await client.assumeRole(
                try STSSamples.call(), presenting: Secret(STSSamples.token), before: .now + .seconds(3600))
            #expect(outcome.attempts == 2 && sts.requests.count == 2)
            #expect(sts.requests[0] == sts.requests[1])
        }
    }

    @Test func `makes as many attempts as it was allowed`() async throws {
        try await withSTS([.http(503, "")]) { (sts, client) async throws in
            #expect(try await failure(of: client, attempts: 1)?.attempts == 1)
            #expect(sts.requests.count == 1)
        }
    }

    @Test func `waits longer before each attempt, by chance`() async throws {
        let pauses = Pauses()
        try await withSTS([.http(503, "")], pauses: pauses) { (_, client) async throws in
            _ = try await failure(of: client, attempts: 7)
            #expect(pauses.all == [0.5, 1, 2, 4, 8, 10].map { .seconds($0) })
        }
    }

    @Test func `does not begin an attempt that its deadline would cut`() async throws {
        // The first pause is 200 s of the 300, the second would be 400 s. None is waited for.
        try await withSTS([.http(503, "")], random: 200) { (sts, client) async throws in
            let failure = try await failure(of: client, within: .seconds(300))
            #expect(failure?.attempts == 2 && sts.requests.count == 2)
        }
    }

    @Test func `ends a late STS at the deadline of the request, which is shorter than an attempt's`() async throws {
        try await withSTS([.late(200, STSSamples.success)]) { (sts, client) async throws in
            let failure = try await failure(of: client, within: .seconds(1))
            #expect(
                failure == STSFailure(refusal: .stsTimeout(cause: "no answer in time"), reachedSTS: true, attempts: 1))
            #expect(sts.requests.count == 1)
        }
    }

    @Test func `calls nobody when no time is left`() async throws {
        try await withSTS([.http(200, STSSamples.success)]) { (sts, client) async throws in
            let failure = try await failure(of: client, within: .zero)
            #expect(failure?.reachedSTS == false && failure?.attempts == 0 && sts.requests.isEmpty)
        }
    }

    @Test func `says that STS was not reached when nobody listens`() async throws {
        // 1 is tcpmux: the port of a server that ended could be another test's by now.
        try await withClient(of: "http://127.0.0.1:1/", RetryBudget(), Pauses(), 0.5) { client in
            let failure = try #require(try await failure(of: client))
            #expect(!failure.reachedSTS && failure.attempts == 3)
            guard case .stsTimeout = failure.refusal else {
                Issue.record("\(failure)")
                return
            }
        }
    }

    @Test func `refuses a region of another partition before any call`() async throws {
        try await withSTS([.http(200, STSSamples.success)]) { (sts, client) async throws in
            let failure = try await failure(of: client, call: try STSSamples.call(region: "cn-north-1"))
            guard case .invalidRequest(let sentence) = failure?.refusal else {
                Issue.record("\(String(describing: failure))")
                return
            }
            #expect(sentence.contains("cn-north-1") && failure?.reachedSTS == false && sts.requests.isEmpty)
        }
    }

    @Test func `stops retrying when all calls together have spent the budget`() async throws {
        let budget = RetryBudget(tokens: 14)
        try await withSTS([.http(503, "")], budget: budget) { (sts, client) async throws in
            #expect(try await failure(of: client)?.attempts == 3)
            #expect(try await failure(of: client)?.attempts == 1)
            #expect(sts.requests.count == 4)
            #expect(await budget.tokens == 4)
        }
    }

    @Test func `gives back to the budget what a success spent`() async throws {
        let budget = RetryBudget(tokens: 10)
        try await withSTS([.cut, .http(200, STSSamples.success)], budget: budget) { (_, client) async throws in
            #expect(try await failure(of: client) == nil)
            #expect(await budget.tokens == 10)
            #expect(try await failure(of: client) == nil)
            #expect(await budget.tokens == 11)
        }
    }

    @Test func `does not retry for a caller who has gone`() async throws {
        let pauses = Pauses(isCancelled: true)
        try await withSTS([.http(503, "")], pauses: pauses) { (sts, client) async throws in
            #expect(try await failure(of: client)?.attempts == 1)
            #expect(sts.requests.count == 1)
        }
    }

    @Test func `shows AWS's message without control characters and without the token`() async throws {
        let message = "Value &#10;'\(STSSamples.token)' failed"
        try await withSTS([.http(400, STSSamples.error("ValidationError", message))]) { (_, client) async throws in
            guard case .stsRejected(_, let shown, let requestID) = try await failure(of: client)?.refusal else {
                Issue.record("no rejection")
                return
            }
            #expect(shown.contains("withheld") && requestID == "f1f2f3f4-0000")
        }
    }
}

extension STSClientTests {
    /// One line of the table: an error of AWS, and what becomes of it.
    struct Row: Sendable, CustomTestStringConvertible {
        let status: Int
        let code: String
        let message: String
        let attempts: Int
        let refusal: Refusal

        init(_ status: Int, _ code: String, _ message: String, _ attempts: Int, _ refusal: Refusal? = nil) {
            self.status = status
            self.code = code
            self.message = message
            self.attempts = attempts
            self.refusal = refusal ?? .stsRejected(code: code, message: message, requestID: "f1f2f3f4-0000")
        }

        var testDescription: String { "\(status) \(code): \(message)" }
    }

    /// The pauses between attempts, which are not waited for.
    final class Pauses: @unchecked Sendable {
        private let lock = NSLock()
        private var pauses: [Duration] = []
        private let isCancelled: Bool

        init(isCancelled: Bool = false) { self.isCancelled = isCancelled }

        var all: [Duration] { lock.withLock { pauses } }

        func note(_ pause: Duration) throws {
            lock.withLock { pauses.append(pause) }
            if isCancelled { throw CancellationError() }
        }
    }

    private func failure(
        of client: STSClient, call: AssumeRoleCall? = nil, within: Duration = .seconds(3600),
        attempts: Int = STSClient.usualAttempts
    ) async throws -> STSFailure? {
        let call = try call ?? STSSamples.call()
        do throws(STSFailure) {
            _ = try await client.assumeRole(
                call, presenting: Secret(STSSamples.token), before: .now + within, attempts: attempts)
            return nil
        } catch {
            return error
        }
    }

    private func withSTS(
        _ answers: [ScriptedSTS.Answer], budget: RetryBudget = RetryBudget(), pauses: Pauses = Pauses(),
        random: Double = 0.5,
        _ body: (ScriptedSTS, STSClient) async throws -> Void
    ) async throws {
        let sts = try ScriptedSTS(answers)
        defer { sts.stop() }
        try await withClient(of: sts.url, budget, pauses, random) { try await body(sts, $0) }
    }

    private func withClient(
        of url: String, _ budget: RetryBudget, _ pauses: Pauses, _ random: Double,
        _ body: (STSClient) async throws -> Void
    ) async throws {
        let http = try OutboundHTTPClient(configuration: OutboundConfiguration(userAgent: "test/1"))
        let client = STSClient(
            by: http.send, endpoints: STSEndpoints(override: try OutboundURL(parsing: url)),
            surroundings: STSClient.Surroundings(
                now: { STSSamples.now }, sleep: { try pauses.note($0) }, random: { random }),
            budget: budget)
        do {
            try await body(client)
            await http.shutdown()
        } catch {
            await http.shutdown()
            throw error
        }
    }
}
