import ExchangeAPI
import Secrets

/// One request and what the answer must be.
struct ProbeCheck: Sendable {
    /// What is tried; the raw value stands in output and metrics.
    enum Name: String, Sendable, CaseIterable {
        case goodToken = "good_token"
        case noToken = "no_token"
        case signatureChanged = "signature_changed"
        case payloadChanged = "payload_changed"
        case algorithmNone = "algorithm_none"
        case issuerChanged = "issuer_changed"
        case expired
        case otherAudience = "other_audience"
        case otherKey = "other_key"
        case forbiddenRole = "forbidden_role"
    }

    /// What is asked for.
    enum Question: Sendable, Equatable {
        /// `POST /v1/credentials` for this role.
        case credentials(role: String)
        /// `POST /v1/whoami`.
        case identity
    }

    let name: Name
    let question: Question
    /// Nil sends none.
    let token: Secret?
    let expectation: ProbeExpectation
}

/// What must come back.
enum ProbeExpectation: Sendable, Equatable {
    /// 200 with credentials for this role.
    case credentials(role: String)
    /// 200 with this subject among the claims.
    case identity(subject: String)
    /// A problem of one of these codes, with its status.
    case refusal([ProblemCode])
}

/// What a good token must get.
enum ProbeMode: String, Sendable, CaseIterable {
    /// Credentials.
    case served
    /// Its claims only: for an issuer that AWS does not know.
    case verified
}
