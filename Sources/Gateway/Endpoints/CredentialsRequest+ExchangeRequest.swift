import ExchangeAPI
import ExchangeCore
import StrictJSON

extension ExchangeRequest {
    /// Parses each field of the wire into the type that cannot be wrong.
    init(_ wire: CredentialsRequest) throws(Refusal) {
        guard let role = RoleARN(parsing: wire.role) else {
            throw .invalidRequest("'role' must be the ARN of a role, such as arn:aws:iam::123456789012:role/deploy")
        }
        self.init(
            role: role, region: try Self.region(wire.region), duration: try Self.duration(wire.durationSeconds),
            sessionName: try Self.sessionName(wire.sessionName), sessionPolicy: RequestedSessionPolicy(wire),
            managedPolicies: try Self.managedPolicies(wire.managedSessionPolicies), isToBeVerified: wire.verify)
    }

    private static func region(_ text: String?) throws(Refusal) -> Region? {
        guard let text else { return nil }
        guard let region = Region(parsing: text) else {
            throw .invalidRequest("'region' must be the name of an AWS region, such as us-east-1")
        }
        return region
    }

    private static func duration(_ seconds: Int?) throws(Refusal) -> Duration? {
        guard let seconds else { return nil }
        guard (900...43_200).contains(seconds) else {
            throw .invalidRequest("'duration_seconds' must be 900 to 43200")
        }
        return .seconds(seconds)
    }

    private static func managedPolicies(_ texts: [String]) throws(Refusal) -> [ManagedPolicyARN] {
        var arns: [ManagedPolicyARN] = []
        for text in texts {
            guard let arn = ManagedPolicyARN(parsing: text) else {
                throw .invalidRequest(
                    "'managed_session_policies' must be ARNs of managed policies, such as arn:aws:iam::aws:policy/ReadOnlyAccess"
                )
            }
            arns.append(arn)
        }
        return arns
    }

    private static func sessionName(_ text: String?) throws(Refusal) -> SessionName? {
        guard let text else { return nil }
        guard let name = SessionName(parsing: text) else {
            throw .invalidRequest("'session_name' must be 2 to 64 characters of A-Z a-z 0-9 _ + = , . @ -")
        }
        return name
    }
}

extension RequestedSessionPolicy {
    fileprivate init(_ wire: CredentialsRequest) {
        switch (wire.sessionPolicy, wire.inlineSessionPolicy) {
        case (let name?, _): self = .named(name)
        case (nil, .text(let text)?): self = .inline(text)
        case (nil, .object(let object)?):
            self = .inline(String(decoding: JSONValue.object(object).bytes, as: UTF8.self))
        case (nil, nil): self = .none
        }
    }
}

extension CredentialsResponse {
    init(_ issued: Issued, requestID: RequestID) {
        let (grant, credentials) = (issued.grant, issued.credentials)
        self.init(
            accessKeyID: credentials.accessKeyID, secretAccessKey: credentials.secretAccessKey,
            sessionToken: credentials.sessionToken, expiration: credentials.expiration.description,
            region: grant.region.description, role: grant.role.description, assumedRoleARN: credentials.assumedRoleARN,
            assumedRoleID: credentials.assumedRoleID, sessionName: grant.sessionName.description,
            durationSeconds: Int(grant.duration.components.seconds), packedPolicySize: credentials.packedPolicySize,
            rule: grant.rule, policyDigest: grant.policyDigest, observedRules: grant.observations.map(\.rule),
            callerIdentity: issued.identity.map { CredentialsResponse.CallerIdentity($0) },
            requestID: requestID.description)
    }
}

extension CredentialsResponse.CallerIdentity {
    fileprivate init(_ identity: Gateway.CallerIdentity) {
        self.init(arn: identity.arn, account: identity.account, userID: identity.userID)
    }
}
