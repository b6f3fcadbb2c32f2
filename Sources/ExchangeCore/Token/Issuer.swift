/// An issuer whose tokens are taken, as configured in the policy.
package struct Issuer: Sendable, Equatable {
    /// The policy's own name for it; in rules, logs and metrics.
    package var name: String
    /// What the claim `iss` must be, byte for byte.
    package var url: String
    /// A token's one audience must be among these.
    package var audiences: [String]
    package var kind: IssuerKind
    /// Never empty in a policy that loads; an empty set refuses every token.
    package var algorithms: Set<SigningAlgorithm>
    /// How far the clocks may be apart. Bounded to 0...60 s, whatever was asked.
    package var skew: Duration {
        didSet { skew = Self.bounded(skew) }
    }
    /// The greatest time since `iat`; nil leaves it to `exp`.
    package var maximumTokenAge: Duration?
    /// Whether an absent `pull_fork` says that there is no fork (true) or nothing at all (false). Vela sends it since
    /// v0.27, v0.26 left it out when false, older servers never sent it.
    package var absentPullForkIsFalse: Bool
    /// Whether its tokens may say things to AWS itself: session tags and a source identity, by claims `https://aws.amazon.com/...`.
    package var passesAWSClaims: Bool
    package var keySource: KeySource
    /// Whether its tokens are refused for now, whatever they say. Nothing of it is fetched meanwhile.
    package var isDisabled: Bool

    package init(
        name: String, url: String, audiences: [String], kind: IssuerKind, algorithms: Set<SigningAlgorithm> = [.rs256],
        skew: Duration = .seconds(30), maximumTokenAge: Duration? = nil, absentPullForkIsFalse: Bool = false,
        passesAWSClaims: Bool = false, keySource: KeySource = .discovery(allowPlaintext: false),
        isDisabled: Bool = false
    ) {
        self.name = name
        self.url = url
        self.audiences = audiences
        self.kind = kind
        self.algorithms = algorithms
        self.skew = Self.bounded(skew)
        self.maximumTokenAge = maximumTokenAge
        self.absentPullForkIsFalse = absentPullForkIsFalse
        self.passesAWSClaims = passesAWSClaims
        self.keySource = keySource
        self.isDisabled = isDisabled
    }

    private static func bounded(_ skew: Duration) -> Duration { min(max(skew, .zero), .seconds(60)) }
}

/// Which claims a token of this issuer must have.
package enum IssuerKind: Sendable, Equatable {
    /// A Vela server: its claims are required and normalised.
    case vela
    /// Any other issuer of OpenID Connect: only the registered claims are checked.
    case generic
}

/// Where an issuer's keys come from.
package enum KeySource: Sendable, Equatable {
    /// `<issuer>/.well-known/openid-configuration` and the key set it names. Plaintext is for issuers inside a cluster;
    /// on loopback it needs no permission.
    case discovery(allowPlaintext: Bool)
    /// The bytes of a JWK set, RFC 7517 section 5. Nothing is fetched.
    case staticKeys([UInt8])
}
