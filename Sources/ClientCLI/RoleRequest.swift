import ExchangeAPI

/// One role of a run, and the section of a credentials file that its credentials go to.
struct RoleRequest: Equatable {
    let profile: String
    let request: CredentialsRequest
}

/// What came of it.
struct RoleResult {
    let profile: String
    let answer: CredentialsResponse
    let credentials: CheckedCredentials
}
