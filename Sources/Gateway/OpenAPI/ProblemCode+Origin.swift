import ExchangeAPI

extension ProblemCode {
    /// What of a request can earn a code.
    enum Origin: Sendable {
        /// There being a request at all.
        case request
        /// A path with a part that is the caller's choice.
        case openPath
        /// A body of a certain type.
        case body
        /// A token.
        case token
        /// The wish for credentials.
        case credentials
    }

    /// The exhaustive list behind the API's description: a new code does not compile until it stands here.
    var origin: Origin {
        switch self {
        case .invalidRequest, .methodNotAllowed, .clientCertificate, .requestTooLarge, .overloaded, .draining: .request
        case .notFound: .openPath
        case .unsupportedMediaType: .body
        case .tokenMissing, .tokenMalformed, .tokenSignatureInvalid, .tokenUnknownIssuer,
            .tokenIssuerDisabled, .tokenUnknownKey,
            .tokenExpired,
            .tokenNotYetValid, .tokenAudience, .tokenType, .tokenClaims, .tokenTooOld, .tokenReplayed, .keysUnavailable,
            .rateLimited:
            .token
        case .emergencyDenied, .emergencyUnknown, .policyDenied, .roleNotAllowed, .frontNotAllowed, .durationNotAllowed,
            .sessionPolicyNotAllowed,
            .regionNotAllowed,
            .sessionPolicyTooLarge, .sessionPolicyMalformed, .stsRejected, .stsInvalidResponse, .stsThrottled,
            .stsTimeout,
            .auditUnavailable, .oneUseUnavailable, .issuerUnpublished:
            .credentials
        }
    }
}

extension ServiceRoutes.Route {
    /// Whether the route can answer with `code`.
    func canAnswer(_ code: ProblemCode) -> Bool {
        switch code.origin {
        case .request: true
        case .openPath: self == .errorPage || self == .stsProfile
        case .body: mediaType != nil
        case .token: takesToken
        case .credentials: takesToken && self != .whoami
        }
    }

    private var takesToken: Bool {
        switch self {
        case .credentials, .sts, .stsProfile, .container, .whoami: true
        case .openAPI, .errorPage: false
        }
    }
}
