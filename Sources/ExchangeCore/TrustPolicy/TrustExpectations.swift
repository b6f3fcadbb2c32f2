import StrictJSON

/// What a role's trust policy is judged by: whose tokens it is meant to take, and in which mode.
package struct TrustExpectations: Sendable {
    /// The URLs of the issuers whose tokens come to the gateway: Vela's, and others that its policy has. Empty where nobody
    /// named them: then an address is Vela's when it ends as Vela makes it.
    private let issuers: [TrustedIssuer]
    /// The address of the gateway's own issuer; nil in forward mode.
    let gateway: String?
    /// The role, where it is known.
    let role: RoleARN?
    /// What the gateway's tokens may carry.
    let extras: MintedExtras

    /// - Parameters:
    ///   - gateway: The URL of the gateway's own issuer; nil for forward mode.
    ///   - role: Wins over what the document says of itself.
    package init(
        issuers: [TrustedIssuer], gateway: String?, role: RoleARN? = nil, extras: MintedExtras = MintedExtras()
    ) {
        self.issuers = issuers
        self.gateway = gateway.map(\.withoutScheme)
        self.role = role
        self.extras = extras
    }

    /// The same for a role that a document names.
    package func ofRole(_ role: RoleARN?) -> TrustExpectations {
        TrustExpectations(issuers: issuers, gateway: gateway, role: self.role ?? role, extras: extras)
    }

    /// Whose tokens a provider stands for.
    func source(of provider: OIDCProvider) -> TokenSource {
        if let gateway, provider.address.hasSameBytes(as: gateway) { return .gateway }
        if let issuer = issuers.first(where: { $0.address.hasSameBytes(as: provider.address) }) {
            return issuer.isVela ? .vela : .issuer
        }
        return issuers.isEmpty && provider.address.hasSuffix("/_services/token") ? .vela : .unknown
    }
}

/// An issuer of tokens that steps hold in their hands.
package struct TrustedIssuer: Sendable, Hashable {
    /// The URL without its scheme.
    let address: String
    let isVela: Bool

    package init(url: String, isVela: Bool) {
        address = url.withoutScheme
        self.isVela = isVela
    }
}

/// What the gateway's own tokens may say besides who comes; AWS refuses a token that says more than the role takes.
package struct MintedExtras: Sendable, Hashable {
    package var holdsTags: Bool
    package var holdsSourceIdentity: Bool

    package init(holdsTags: Bool = true, holdsSourceIdentity: Bool = true) {
        self.holdsTags = holdsTags
        self.holdsSourceIdentity = holdsSourceIdentity
    }
}

/// Who makes the tokens of a provider.
enum TokenSource: Sendable {
    /// The gateway: no step ever holds one.
    case gateway
    case vela
    /// Another issuer of the policy.
    case issuer
    case unknown

    /// Whether whoever has a pipeline has such a token in his hands.
    var isHeldBySteps: Bool { self == .vela || self == .issuer }
}

extension String {
    /// `https://vela.example.com/_services/token` as AWS names a provider.
    fileprivate var withoutScheme: String {
        for scheme in ["https://", "http://"] where hasPrefix(scheme) { return String(dropFirst(scheme.count)) }
        return self
    }
}
