import ExchangeCore
import Secrets

/// `Action=AssumeRoleWithWebIdentity` as an AWS SDK sends it, parsed into what cannot be wrong.
enum AssumeRoleQuery {
    /// Reads the form. Parameters that the action does not have are refused by name.
    static func read(_ form: FormFields) throws(Refusal) -> PresentedRequest {
        try checkAction(form)
        try refuseUnknown(form)
        return PresentedRequest(
            token: try token(form),
            request: ExchangeRequest(
                role: try role(form), duration: try duration(form), sessionName: try sessionName(form),
                sessionPolicy: try form.text("Policy").map(RequestedSessionPolicy.inline) ?? .none,
                managedPolicies: try managedPolicies(form)))
    }

    private static let single = [
        "Action", "Version", "RoleArn", "RoleSessionName", "WebIdentityToken", "DurationSeconds", "Policy",
        "ProviderId",
    ]
    private static let managedPolicyNames = (1...10).map { "PolicyArns.member.\($0).arn" }

    /// Another action is told where it came: the variable that leads here leads every call of STS here.
    private static func checkAction(_ form: FormFields) throws(Refusal) {
        let action = form["Action"]?.validText ?? ""
        guard action == "AssumeRoleWithWebIdentity" else {
            throw .invalidRequest(
                """
                this is vela-aws-gateway and not AWS STS: its only action is AssumeRoleWithWebIdentity, and a call signed for it \
                cannot be forwarded. For the action \(action.shownAsParameter) call AWS without AWS_ENDPOINT_URL_STS
                """)
        }
        guard form["Version"]?.validText == "2011-06-15" else { throw .invalidRequest("'Version' must be 2011-06-15") }
    }

    private static func refuseUnknown(_ form: FormFields) throws(Refusal) {
        for name in form.names where !single.contains(name) && !managedPolicyNames.contains(name) {
            throw .invalidRequest(
                "the parameter \(name.shownAsParameter) is unknown; PolicyArns.member.N.arn counts from 1 to 10")
        }
        guard form["ProviderId"] == nil else {
            throw .invalidRequest("'ProviderId' must not be set: the token's issuer is an OpenID Connect provider")
        }
    }

    private static func token(_ form: FormFields) throws(Refusal) -> Secret {
        guard let token = form["WebIdentityToken"] else { throw .tokenMissing }
        return token
    }

    private static func role(_ form: FormFields) throws(Refusal) -> RoleARN {
        guard let role = try form.text("RoleArn").flatMap(RoleARN.init(parsing:)) else {
            throw .invalidRequest("'RoleArn' must be the ARN of a role, such as arn:aws:iam::123456789012:role/deploy")
        }
        return role
    }

    private static func sessionName(_ form: FormFields) throws(Refusal) -> SessionName {
        guard let name = try form.text("RoleSessionName").flatMap(SessionName.init(parsing:)) else {
            throw .invalidRequest("'RoleSessionName' must be 2 to 64 characters of A-Z a-z 0-9 _ + = , . @ -")
        }
        return name
    }

    private static func duration(_ form: FormFields) throws(Refusal) -> Duration? {
        guard let text = try form.text("DurationSeconds") else { return nil }
        guard text.utf8.count <= 5, let seconds = Int(digits: text), (900...43_200).contains(seconds) else {
            throw .invalidRequest("'DurationSeconds' must be 900 to 43200")
        }
        return .seconds(seconds)
    }

    /// The members that are there, which must be the first ones.
    private static func managedPolicies(_ form: FormFields) throws(Refusal) -> [ManagedPolicyARN] {
        var arns: [ManagedPolicyARN] = []
        for (index, name) in managedPolicyNames.enumerated() {
            guard let text = try form.text(name) else { continue }
            guard arns.count == index else {
                throw .invalidRequest("'\(name)' stands without the members before it: they count from 1")
            }
            guard let arn = ManagedPolicyARN(parsing: text) else {
                throw .invalidRequest(
                    "'\(name)' must be the ARN of a managed policy, such as arn:aws:iam::aws:policy/ReadOnlyAccess")
            }
            arns.append(arn)
        }
        return arns
    }
}

extension FormFields {
    /// The text of `name`; nil when it is absent. An empty one and bytes that are not UTF-8 are refused.
    fileprivate func text(_ name: String) throws(Refusal) -> String? {
        guard let value = self[name] else { return nil }
        guard !value.isEmpty, let text = value.validText else {
            throw .invalidRequest("'\(name)' must be UTF-8 text that is not empty")
        }
        return text
    }
}
