import ExchangeAPI
import OutboundHTTP
import Secrets
import StrictJSON

/// Asks a gateway from outside, one request after the other, and judges the answers.
struct Prober: Sendable {
    let client: OutboundHTTPClient
    let target: ProbeTarget
    /// For each request, from the call to the last byte.
    let timeout: Duration
    let now: @Sendable () -> Timestamp

    /// Credentials are a few KiB, claims at most the 20,000 bytes of a token, twice as many when each is escaped.
    private static let maximumBytes = 64 * 1024

    /// Asks every question, whatever the answers before were, and once: an operator wants to see a gateway that fails now and then.
    func ask(_ checks: [ProbeCheck]) async -> [ProbeFinding] {
        var findings: [ProbeFinding] = []
        for check in checks { findings.append(await finding(for: check)) }
        return findings
    }

    private func finding(for check: ProbeCheck) async -> ProbeFinding {
        let begin = ContinuousClock.now
        do throws(OutboundFailure) {
            let answer = GatewayAnswer(try await client.send(request(for: check)))
            let fault = check.expectation.fault(in: answer, at: now())
            return ProbeFinding(check, answer, fault, duration: .now - begin)
        } catch {
            return ProbeFinding(check, nil, .unanswered("\(error)"), duration: .now - begin)
        }
    }

    private func request(for check: ProbeCheck) -> OutboundRequest {
        var request = OutboundRequest(
            method: .post, url: target.whoami, deadline: timeout, maximumBytes: Self.maximumBytes)
        if case .credentials(let role) = check.question {
            request.url = target.credentials
            request.headers = [(name: "Content-Type", value: "application/json")]
            request.body = Secret(CredentialsRequest(role: role).bytes.span)
        }
        if let token = check.token { request.secretHeaders = [(name: "Authorization", value: token.asBearer)] }
        return request
    }
}

extension Secret {
    /// The value of the Authorization header, RFC 6750 section 2.1.
    fileprivate var asBearer: Secret {
        let scheme = Array("Bearer ".utf8)
        var builder = SecretBuilder(capacity: scheme.count + count)
        builder.append(scheme.span)
        withBytes { builder.append($0) }
        return builder.finish()
    }
}
