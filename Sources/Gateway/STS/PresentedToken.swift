import ExchangeCore
import Secrets

/// The token of one attempt, as STS is sent it.
struct PresentedToken: Sendable {
    let secret: Secret
    /// What the audit may say of a token of the gateway's own; nil for the caller's.
    var mark: MintedMark?
}

/// Which of the gateway's own tokens STS was shown.
struct MintedMark: Sendable, Hashable {
    /// Its `jti`.
    let tokenID: String
    /// `kid` of the key that signed it.
    let keyID: String
}

/// Makes what STS is shown: the caller's token as it came, or a new one of the gateway's own for each attempt.
struct TokenPresenter: Sendable {
    /// Nil for a gateway without an issuer of its own, whose policy has no rule in issuer mode.
    let minter: TokenMinter?

    func token(for identity: WebIdentity) throws(Refusal) -> PresentedToken {
        switch identity.token {
        case .callers(let token): return PresentedToken(secret: token)
        case .own(let claims):
            guard let minter else { throw .issuerUnpublished(cause: "the gateway has no issuer of its own") }
            let minted = try minter.mint(claims)
            return PresentedToken(
                secret: minted.token, mark: MintedMark(tokenID: minted.tokenID, keyID: minted.keyID))
        }
    }
}
