/// The ways into the gateway, by the names that policy, audit and metrics use.
package enum Front: String, Sendable, CaseIterable {
    /// `POST /v1/credentials`, our own client's.
    case credentials
    /// `POST /` and `POST /sts/<profile>`, the STS query protocol.
    case sts
    /// `GET /v1/container-credentials`.
    case container
    /// `POST /v1/whoami`, which gives no credentials: no rule can name it.
    case whoami

    /// Those that give credentials.
    package static let exchanging: [Front] = [.credentials, .sts, .container]
}
