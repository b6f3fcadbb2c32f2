import ExchangeCore
import OutboundHTTP
import Secrets

extension AttemptFailure {
    /// What is told to wait after throttling. AWS names no time; its limits are per second.
    private static let throttlingPause = Duration.seconds(5)

    /// STS was not asked, because it did not answer others.
    static let circuitOpen = AttemptFailure(
        .stsTimeout(cause: "STS failed several times in a row and is left alone for a moment"), reachedSTS: false)

    /// No whole answer came.
    init(_ failure: OutboundFailure) {
        let reached = failure.reachedServer
        let cause = "\(failure)"
        switch failure {
        case .timedOut: self.init(.stsTimeout(cause: cause), reachedSTS: reached, retry: .afterTimeout)
        case .cannotConnect, .tls, .interrupted:
            self.init(.stsTimeout(cause: cause), reachedSTS: reached, retry: .ordinary)
        case .tooLarge, .unreadable, .invalidRequest: self.init(.stsInvalidResponse(cause: cause), reachedSTS: reached)
        case .cancelled: self.init(.stsTimeout(cause: cause), reachedSTS: reached)
        case .closed: self.init(.draining, reachedSTS: reached)
        }
    }

    /// An answer came, and it is none of STS's, or no session that was asked for.
    ///
    /// A server error is worth another attempt whatever its body; a wrong 200 is not, for a session may have been made.
    init(_ error: STSAnswerError, status: Int) {
        switch status {
        case 500...599: self.init(.stsTimeout(cause: "HTTP \(status)"), retry: .ordinary)
        case 429: self.init(.stsThrottled(retryAfter: Self.throttlingPause), retry: .ordinary)
        default: self.init(.stsInvalidResponse(cause: "HTTP \(status): \(error)"))
        }
    }

    /// STS itself said no.
    init(_ error: STSError, status: Int, hiding token: Secret) {
        let message = STSMessage.clean(error.message, hiding: token)
        let rejected = Refusal.stsRejected(code: error.code, message: message, requestID: error.requestID)
        switch error.code {
        case "MalformedPolicyDocument", "MalformedPolicyDocumentException":
            self.init(.sessionPolicyMalformed(reason: "AWS: \(message)"))
        case "PackedPolicyTooLarge", "PackedPolicyTooLargeException":
            self.init(.sessionPolicyTooLarge(reason: "AWS: \(message)"))
        case "Throttling", "ThrottlingException", "ThrottledException", "RequestThrottled", "RequestThrottledException",
            "TooManyRequestsException", "RequestLimitExceeded", "SlowDown":
            self.init(.stsThrottled(retryAfter: Self.throttlingPause), retry: .ordinary)
        case "IDPCommunicationError", "IDPCommunicationErrorException": self.init(rejected, retry: .ordinary)
        case "InvalidIdentityToken", "InvalidIdentityTokenException":
            // AWS could not reach the issuer just now. All other messages under this code are final.
            let isPassing = message.hasPrefix("Couldn't retrieve verification key from your identity provider")
            self.init(rejected, retry: isPassing ? .ordinary : .never)
        default:
            guard (500...599).contains(status) else {
                self.init(
                    status == 429 ? .stsThrottled(retryAfter: Self.throttlingPause) : rejected,
                    retry: status == 429 ? .ordinary : .never)
                return
            }
            self.init(.stsTimeout(cause: "HTTP \(status) \(error.code)"), retry: .ordinary)
        }
    }
}

extension OutboundFailure {
    /// What it says of the endpoint's health.
    var outcome: CircuitBreaker.Outcome {
        switch self {
        case .timedOut, .cannotConnect, .tls, .interrupted, .unreadable, .tooLarge: .failed
        case .invalidRequest, .cancelled, .closed: .unknown
        }
    }
}
