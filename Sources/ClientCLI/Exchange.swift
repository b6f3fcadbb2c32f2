import ClientHTTP
import ExchangeAPI
import Secrets

/// A failed attempt, and whether another can help.
struct AttemptFailure: Error {
    /// What may follow.
    enum Retry: Equatable {
        case never
        /// The request never left: the token it would have carried is still unused.
        case withSameToken
        /// The gateway may have used the token up. `after` is what it asked to wait, nil for nothing.
        case withNewToken(after: Duration?)
    }

    let failure: ClientFailure
    let retry: Retry

    init(_ failure: ClientFailure, retry: Retry = .never) {
        self.failure = failure
        self.retry = retry
    }

    /// A request without an answer is repeated only when it found nobody to send it to.
    init(_ error: ClientHTTPError, _ failure: ClientFailure) {
        switch error {
        case .notConnected, .nameNotResolved: self.init(failure, retry: .withSameToken)
        case .trustUnusable, .handshakeFailed, .certificateRefused, .timedOut, .connectionLost, .malformedAnswer,
            .answerTooLarge, .redirected:
            self.init(failure)
        }
    }
}

/// ID token, then credentials, with the few retries that cannot do harm.
struct Exchange {
    /// As AWS's own clients do in their standard mode.
    static let maximumAttempts = 3

    let tokens: IDTokenSource
    let gateway: GatewayCall
    let log: Log
    let pause: (Duration) -> Void

    /// The credentials, or the last failure. Nothing is begun that `deadline` would cut short.
    func credentials(
        for request: CredentialsRequest, until deadline: Deadline
    ) throws(ClientFailure) -> CredentialsResponse {
        var attempt = 1
        var unused: Secret?
        while true {
            do throws(AttemptFailure) {
                let token = if let unused { unused } else { try tokens.token(until: deadline) }
                unused = token
                return try gateway.credentials(for: request, presenting: token, until: deadline)
            } catch {
                if error.retry != .withSameToken { unused = nil }
                guard attempt < Self.maximumAttempts, let wait = Self.wait(before: attempt + 1, error.retry) else {
                    throw error.failure
                }
                guard wait < deadline.remaining else { throw Self.outOfTime(error.failure, wait) }
                log.warn("attempt \(attempt) of \(Self.maximumAttempts) failed, trying again: \(error.failure)")
                pause(wait)
                attempt += 1
            }
        }
    }

    /// nil when there shall be no further attempt. The jitter spreads steps that failed together.
    private static func wait(before attempt: Int, _ retry: AttemptFailure.Retry) -> Duration? {
        let jitter = Duration.milliseconds(Int.random(in: 0...(500 << (attempt - 1))))
        switch retry {
        case .never: return nil
        case .withSameToken, .withNewToken(after: nil): return jitter
        case .withNewToken(after: let asked?): return asked + jitter
        }
    }

    private static func outOfTime(_ failure: ClientFailure, _ wait: Duration) -> ClientFailure {
        ClientFailure(
            failure.kind, event: failure.event,
            remedy:
                "The time left does not allow another attempt after \(wait.components.seconds) s: "
                + "raise the parameter timeout. "
                + failure.remedy,
            requestID: failure.requestID, code: failure.code)
    }
}
