import ExchangeAPI
import OutboundHTTP
import Secrets
import StrictJSON

/// Asks a gateway from outside, one request after the other, and judges the answers.
struct Prober: Sendable {
    let configuration: OutboundConfiguration
    let target: ProbeTarget
    /// For each request, from the call to the last byte.
    let timeout: Duration
    let now: @Sendable () -> Timestamp

    /// Credentials are a few KiB, claims at most the 20,000 bytes of a token, twice as many when each is escaped.
    private static let maximumBytes = 64 * 1024

    /// Asks every question once, whatever the answers before were: an operator wants to see a gateway that fails now and then.
    func ask(_ checks: [ProbeCheck]) async throws(OutboundSetupError) -> [ProbeFinding] {
        var findings: [ProbeFinding] = []
        for check in checks { findings.append(try await finding(for: check)) }
        return findings
    }

    /// Over a connection of its own, as each step has: a load balancer shows more than one replica in a run, and a connection
    /// that a proxy closed meanwhile is no failure of the gateway's.
    private func finding(for check: ProbeCheck) async throws(OutboundSetupError) -> ProbeFinding {
        let client = try OutboundHTTPClient(configuration: configuration)
        let begin = ContinuousClock.now
        let result: Result<OutboundResponse, OutboundFailure>
        do throws(OutboundFailure) { result = .success(try await client.send(request(for: check))) } catch {
            result = .failure(error)
        }
        let duration = ContinuousClock.now - begin
        await client.shutdown()
        switch result {
        case .success(let response):
            let answer = GatewayAnswer(response)
            let fault = check.expectation.fault(in: answer, at: now())
            return ProbeFinding(check, answer, fault, duration: duration)
        case .failure(let failure):
            return ProbeFinding(check, nil, .unanswered("\(failure)"), duration: duration)
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
