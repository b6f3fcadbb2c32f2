import ExchangeCore
import OutboundHTTP
import Secrets
import StrictJSON

/// Calls AssumeRoleWithWebIdentity: the one place where a token goes to AWS and credentials come back.
final class STSClient: Sendable {
    /// Attempts that make up a call, the first included: what AWS's SDKs do.
    static let usualAttempts = 3
    /// For one attempt: many times what STS needs, and room for a second within a request's ten seconds.
    static let attemptDeadline = Duration.seconds(5)
    /// For one answer: session tokens are some kilobytes at most.
    static let longestAnswer = 65_536

    /// How a request comes to its answer: the HTTP client's `send`, or what stands in for it.
    typealias Transport = @Sendable (OutboundRequest) async throws(OutboundFailure) -> OutboundResponse

    private let transport: Transport
    private let endpoints: STSEndpoints
    private let tokens: TokenPresenter
    private let budget: RetryBudget
    /// Which endpoints are not worth asking now.
    let breaker: CircuitBreaker
    private let surroundings: Surroundings

    /// Time and chance, so that tests need neither.
    struct Surroundings: Sendable {
        /// The system's clock.
        var now: @Sendable () -> Timestamp
        /// Waits; throws when the task is cancelled.
        var sleep: @Sendable (Duration) async throws -> Void = { try await Task.sleep(for: $0) }
        /// A number from 0 to 1, the same chance for each.
        var random: @Sendable () -> Double = { Double.random(in: 0...1) }
    }

    init(
        by transport: @escaping Transport, endpoints: STSEndpoints, minter: TokenMinter? = nil,
        surroundings: Surroundings,
        budget: RetryBudget = RetryBudget(), breaker: CircuitBreaker = CircuitBreaker()
    ) {
        self.transport = transport
        self.endpoints = endpoints
        tokens = TokenPresenter(minter: minter)
        self.surroundings = surroundings
        self.budget = budget
        self.breaker = breaker
    }

    /// Asks for what the policy granted. Everything ends before `deadline`.
    ///
    /// - Parameter attempts: 1 for callers that retry by themselves.
    func assumeRole(
        _ grant: Grant, presenting identity: WebIdentity, before deadline: ContinuousClock.Instant,
        attempts: Int = STSClient.usualAttempts
    ) async throws(STSFailure) -> STSOutcome {
        try await assumeRole(AssumeRoleCall(grant), before: deadline, attempts: attempts) {
            () throws(Refusal) in try self.tokens.token(for: identity)
        }
    }

    /// The same for a call and a token that tests make. `token` is asked for each attempt.
    func assumeRole(
        _ call: AssumeRoleCall, before deadline: ContinuousClock.Instant, attempts limit: Int = STSClient.usualAttempts,
        presenting token: () throws(Refusal) -> PresentedToken
    ) async throws(STSFailure) -> STSOutcome {
        let url = try address(of: call.role, in: call.region)
        var mark: MintedMark?
        do throws(STSFailure) {
            let answered = try await retrying(limit, before: deadline) {
                () async throws(AttemptFailure) -> CheckedSession in
                let token = try Self.made(token, for: url)
                mark = token.mark
                return try await self.attempt(call, at: url, presenting: token.secret, before: deadline)
            }
            return STSOutcome(answered.value, attempts: answered.attempts, minted: mark)
        } catch {
            throw error.naming(mark)
        }
    }

    /// Tokens of the gateway's own go over https alone, loopback excepted: who reads one has a minute to use it.
    private static func made(
        _ token: () throws(Refusal) -> PresentedToken, for url: OutboundURL
    ) throws(AttemptFailure) -> PresentedToken {
        do throws(Refusal) {
            let token = try token()
            guard token.mark == nil || url.scheme == "https" || url.isLoopback else {
                throw .invalidRequest("\(STSEndpointError.plaintext)")
            }
            return token
        } catch {
            throw AttemptFailure(error, reachedSTS: false)
        }
    }

    /// Asks AWS whose `credentials` are. Everything ends before `deadline`.
    func callerIdentity(
        of credentials: Credentials, for grant: Grant, before deadline: ContinuousClock.Instant
    ) async throws(STSFailure) -> CallerIdentity {
        let url = try address(of: grant.role, in: grant.region)
        let call = CallerIdentityCall(credentials: credentials, region: grant.region)
        return try await retrying(Self.usualAttempts, before: deadline) {
            () async throws(AttemptFailure) -> CallerIdentity in
            let request = call.request(to: url, at: self.surroundings.now(), deadline: Self.time(before: deadline))
            return try Self.judge(try await self.send(request), hiding: credentials.sessionToken) {
                (answer: STSAnswer) throws(STSAnswerError) -> CallerIdentity in
                guard case .identified(let identity) = answer else { throw .unknownRoot }
                return try call.check(identity)
            }
        }.value
    }

    /// Makes up to `limit` attempts, with pauses and within the retry budget.
    private func retrying<Value: Sendable>(
        _ limit: Int, before deadline: ContinuousClock.Instant, attempt: () async throws(AttemptFailure) -> Value
    ) async throws(STSFailure) -> Attempted<Value> {
        var progress = Progress()
        guard deadline > .now else { throw progress.failure(.stsTimeout(cause: "no time was left to call STS")) }
        while true {
            do throws(AttemptFailure) {
                let value = try await attempt()
                progress.attempts += 1
                await budget.refund(progress.spent)
                return Attempted(value: value, attempts: progress.attempts)
            } catch {
                progress.note(error)
                guard progress.attempts < limit, await mayRetry(after: error, &progress, before: deadline) else {
                    throw progress.failure(error.refusal)
                }
            }
        }
    }

    private func address(of role: RoleARN, in region: Region) throws(STSFailure) -> OutboundURL {
        do {
            return try endpoints.endpoint(for: role, in: region)
        } catch {
            throw STSFailure(refusal: .invalidRequest("\(error)"), reachedSTS: false, attempts: 0)
        }
    }

    /// One request and its answer.
    private func attempt(
        _ call: AssumeRoleCall, at url: OutboundURL, presenting token: Secret, before deadline: ContinuousClock.Instant
    ) async throws(AttemptFailure) -> CheckedSession {
        let request = OutboundRequest(
            method: .post, url: url, headers: [("Content-Type", "application/x-www-form-urlencoded")],
            body: call.form(presenting: token), deadline: Self.time(before: deadline), maximumBytes: Self.longestAnswer)
        return try Self.judge(try await send(request), hiding: token) {
            (answer: STSAnswer) throws(STSAnswerError) -> CheckedSession in
            guard case .assumed(let session) = answer else { throw .unknownRoot }
            return try call.check(session, at: surroundings.now())
        }
    }

    private func send(_ request: OutboundRequest) async throws(AttemptFailure) -> OutboundResponse {
        let endpoint = "\(request.url.host):\(request.url.port)"
        guard breaker.mayCall(endpoint) else { throw .circuitOpen }
        do throws(OutboundFailure) {
            let response = try await transport(request)
            breaker.note(response.status >= 500 ? .failed : .answered, of: endpoint)
            return response
        } catch {
            breaker.note(error.outcome, of: endpoint)
            throw AttemptFailure(error)
        }
    }

    /// For one attempt.
    private static func time(before deadline: ContinuousClock.Instant) -> Duration {
        min(max(.zero, deadline - .now), attemptDeadline)
    }

    /// What `take` makes of a good answer; `hidden` must not stand in the words of a bad one.
    private static func judge<Value>(
        _ response: OutboundResponse, hiding hidden: Secret, take: (STSAnswer) throws(STSAnswerError) -> Value
    ) throws(AttemptFailure) -> Value {
        let refused: STSError
        do throws(STSAnswerError) {
            let answer = try STSAnswer(parsing: response.body)
            switch answer {
            case .refused(let error) where response.status >= 400: refused = error
            case .assumed where response.status == 200, .identified where response.status == 200:
                return try take(answer)
            case .refused, .assumed, .identified: throw .invalid("the HTTP status")
            }
        } catch {
            throw AttemptFailure(error, status: response.status)
        }
        throw AttemptFailure(refused, status: response.status, hiding: hidden)
    }

    /// Waits before a further attempt; false where there is to be none: it would not help, the budget is spent, or the
    /// deadline comes first.
    private func mayRetry(
        after failure: AttemptFailure, _ progress: inout Progress, before deadline: ContinuousClock.Instant
    ) async -> Bool {
        guard failure.retry != .never else { return false }
        let pause = RetryPause.beforeAttempt(after: progress.attempts, random: surroundings.random())
        guard pause < deadline - .now, await budget.withdraw(failure.retry.rawValue) else { return false }
        progress.spent += failure.retry.rawValue
        do {
            try await surroundings.sleep(pause)
            return true
        } catch {
            // Cancelled: nobody waits for the answer any more.
            return false
        }
    }
}

/// What came of a call, and how many attempts it took.
private struct Attempted<Value: Sendable>: Sendable {
    let value: Value
    let attempts: Int
}

/// How long to wait before a further attempt: full jitter, so that callers who failed together do not return together.
enum RetryPause {
    /// After the attempt of this number: `random` (0 to 1) times 1, 2, 4, up to 20 seconds.
    static func beforeAttempt(after attempt: Int, random: Double) -> Duration {
        let ceiling = attempt > 5 ? 20.0 : min(Double(1 << (max(attempt, 1) - 1)), 20)
        return .seconds(ceiling) * random
    }
}

/// What one call has come to so far.
private struct Progress {
    var attempts = 0
    /// Taken from the retry budget.
    var spent = 0
    private var reachedSTS = false

    mutating func note(_ failure: AttemptFailure) {
        attempts += 1
        reachedSTS = reachedSTS || failure.reachedSTS
    }

    func failure(_ refusal: Refusal) -> STSFailure {
        STSFailure(refusal: refusal, reachedSTS: reachedSTS, attempts: attempts)
    }
}
