import ClientHTTP
import ExchangeAPI
import Secrets

/// ID token, then the gateway's answer, with the few retries that cannot do harm.
struct Exchange {
    let tokens: IDTokenSource
    let gateway: GatewayCall
    let attempts: Attempts

    /// The credentials, or the last failure.
    func credentials(
        for request: CredentialsRequest, until deadline: Deadline
    ) throws(ClientFailure) -> CredentialsResponse {
        try presentingToken(until: deadline) { (token, limit) throws(AttemptFailure) in
            try gateway.credentials(for: request, presenting: token, until: limit)
        }
    }

    /// Who this step is to the gateway, or the last failure.
    func identity(until deadline: Deadline) throws(ClientFailure) -> WhoamiResponse {
        try presentingToken(until: deadline) { (token, limit) throws(AttemptFailure) in
            try gateway.identity(presenting: token, until: limit)
        }
    }

    /// Asks with an ID token that no request has carried yet, for the gateway may take each only once. One that is left
    /// over from an attempt that found nobody is used again while it is fresh.
    private func presentingToken<Answer>(
        until deadline: Deadline, _ ask: (Secret, Deadline) throws(AttemptFailure) -> Answer
    ) throws(ClientFailure) -> Answer {
        var unused: IDToken?
        return try attempts.run(until: deadline) { () throws(AttemptFailure) in
            let token = if let unused, unused.isFresh { unused } else { try newToken(until: deadline) }
            do throws(AttemptFailure) {
                return try ask(token.secret, attempts.limit(until: deadline))
            } catch {
                unused = error.retry == .unsent ? token : nil
                throw error
            }
        }
    }

    /// Vela has been asked often enough when this fails.
    private func newToken(until deadline: Deadline) throws(AttemptFailure) -> IDToken {
        do throws(ClientFailure) {
            return try tokens.token(until: deadline)
        } catch {
            throw AttemptFailure(error)
        }
    }
}
