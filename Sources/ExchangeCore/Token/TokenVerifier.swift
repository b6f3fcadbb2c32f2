package import Secrets
package import StrictJSON

/// A token whose signature and claims hold. Only the verifier makes one.
package struct VerifiedToken: Sendable {
    /// The issuer's name in the policy.
    package let issuer: String
    /// The claim `iss`.
    package let issuerURL: String
    /// All claims, normalised: `aud` is one text, and for Vela see `Claims.vela`.
    package let claims: Claims
    /// The one audience.
    package let audience: String
    package let subject: String
    package let issuedAt: Timestamp
    package let expiresAt: Timestamp
    /// `kid` of the key that verified it.
    package let keyID: String
    /// `jti`; nil when absent.
    package let tokenID: String?
    /// Lower-case hex SHA-256 of the whole token, for the audit.
    package let digest: String
    /// Lower-case hex SHA-256 of `header.payload`, the name of the token for one-use: an ECDSA signature can be
    /// rewritten into another valid one, so the whole token's digest does not name it.
    package let signedDigest: String

    fileprivate init(_ token: CompactToken, _ registered: RegisteredClaims, _ claims: Claims, from issuer: Issuer) {
        self.issuer = issuer.name
        issuerURL = issuer.url
        self.claims = claims
        audience = registered.audience
        subject = registered.subject
        issuedAt = registered.issuedAt
        expiresAt = registered.expiresAt
        keyID = token.header.keyID
        tokenID = registered.tokenID
        digest = token.digest
        signedDigest = token.signingDigest.lowercaseHex
    }
}

/// Verifies tokens of the configured issuers, design section 5: every doubt is a refusal.
///
/// The issuer is found before anything is fetched, the algorithm is judged before the key is asked for, the signature
/// before the claims. The work is done on the caller's task; only waiting for a missing key suspends.
package final class TokenVerifier: Sendable {
    private let directory: KeyDirectory
    private let now: @Sendable () -> Timestamp

    /// Takes tokens of `issuers`, whose keys come by `fetch`. `now` is the clock.
    package init(
        issuers: [Issuer], timing: KeyTiming = KeyTiming(), fetch: @escaping KeyFetch,
        now: @escaping @Sendable () -> Timestamp
    ) {
        directory = KeyDirectory(issuers: issuers, timing: timing, fetch: fetch, now: now)
        self.now = now
    }

    /// Verifies `token`. Suspends only when its key is not there yet.
    @concurrent package func verify(_ token: Secret) async throws(Refusal) -> VerifiedToken {
        let token = try CompactToken(parsing: token)
        guard let url = token.issuer, let entry = directory.entry(for: url) else {
            throw .tokenUnknownIssuer(issuer: token.issuer?.cut() ?? "")
        }
        let issuer = entry.issuer
        guard !issuer.isDisabled else { throw .tokenIssuerDisabled(issuer: issuer.name) }
        let algorithm = try Self.algorithm(of: token, allowedBy: issuer)
        let key = try await Self.key(token.header.keyID, of: entry)
        guard key.verifies(token, by: algorithm) else {
            throw .tokenSignatureInvalid(cause: "not the signature of key \(token.header.keyID.cut()) by \(algorithm)")
        }
        let registered = try RegisteredClaims(token.payload, of: issuer, at: now())
        let claims = try Claims(verified: token.payload, audience: registered.audience, of: issuer)
        return VerifiedToken(token, registered, claims, from: issuer)
    }

    private static func key(_ keyID: String, of entry: KeyDirectory.Entry) async throws(Refusal) -> VerificationKey {
        do {
            return try await entry.keys.key(keyID)
        } catch {
            switch error {
            case .unknown: throw .tokenUnknownKey(issuer: entry.issuer.name, keyID: keyID.cut())
            case .unavailable(let cause, let wait):
                throw .keysUnavailable(issuer: entry.issuer.name, cause: cause, retryAfter: wait)
            }
        }
    }

    /// The algorithm, when the issuer may use it. `none` and HMAC end here as every name that is not on the list.
    private static func algorithm(of token: CompactToken, allowedBy issuer: Issuer) throws(Refusal) -> SigningAlgorithm
    {
        guard let algorithm = SigningAlgorithm(named: token.header.algorithm), issuer.algorithms.contains(algorithm)
        else {
            throw .tokenSignatureInvalid(
                cause: "algorithm \(token.header.algorithm.cut()) is not allowed for issuer \(issuer.name)")
        }
        return algorithm
    }
}

// MARK: - Keys

extension TokenVerifier {
    /// Takes over a new list of issuers, on a policy reload. The keys of those that stay are kept.
    package func update(issuers: [Issuer]) {
        directory.update(issuers: issuers)
    }

    /// Keeps all key sets fresh until the task is cancelled. `sleep` is `Task.sleep`, or a test's.
    package func refreshLoop(sleep: @Sendable (Duration) async throws -> Void) async {
        await directory.refreshLoop(sleep: sleep)
    }

    /// How the keys of each issuer are, in the policy's order; for readiness, metrics and the status page.
    package var keySetStates: [KeySetState] { directory.states }
}
