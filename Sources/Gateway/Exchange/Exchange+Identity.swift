import ExchangeCore
import Secrets

extension Exchange {
    /// Verifies the token that `read` finds, and decides nothing. A refusal is recorded as everywhere.
    func identity(
        _ call: Call, reading read: () throws(Refusal) -> Secret
    ) async throws(Refusal) -> VerifiedToken {
        var record = AuditRecord(call: call, front: .whoami)
        do throws(Refusal) {
            try limits.check(call)
            let token = try await verify(try read(), noting: &record)
            audit.noteIdentity(record)
            return token
        } catch {
            await audit.write(record, refusing: error)
            throw error
        }
    }

    /// The names of the allow rules whose condition the token meets. What they give also depends on the request and on denies.
    func ruleNames(for token: VerifiedToken) -> [String] { policies.current.applicableRules(to: token) }
}
