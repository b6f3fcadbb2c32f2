package import StrictJSON

/// A whole policy, compiled: what every request is decided by. Only the compiler makes one.
package struct PolicySet: Sendable {
    /// Lower-case hexadecimal SHA-256 over the names and bytes of all files; in each audit record.
    package let digest: String
    /// Whose tokens are taken, in the order of the files. Never empty.
    package let issuers: [Issuer]
    /// All rules in the order of the files.
    let rules: [PolicyRule]
    /// The session policies that the files keep under a name, in the order of the names.
    let sessionPolicies: [NamedSessionPolicy]
    /// Where each issuer stands, by its name.
    let issuerPlaces: [String: RulePlace]
    /// By the issuer's name.
    private let books: [String: RuleBook]

    init(
        digest: String, issuers: [Issuer], rules: [PolicyRule], sessionPolicies: [NamedSessionPolicy],
        issuerPlaces: [String: RulePlace]
    ) {
        self.digest = digest
        self.issuers = issuers
        self.rules = rules
        self.sessionPolicies = sessionPolicies
        self.issuerPlaces = issuerPlaces
        let pairs = issuers.map { ($0.name, RuleBook(of: $0.name, in: rules)) }
        books = Dictionary(pairs, uniquingKeysWith: { first, _ in first })
    }

    /// The names of all rules in the order of the files, for metrics and the status page.
    package var ruleNames: [String] { rules.map(\.name) }

    /// The names under which the files keep session policies, sorted.
    package var sessionPolicyNames: [String] { sessionPolicies.map(\.name) }

    /// The names of the allow rules whose condition `token` meets, in the order of the files. They promise nothing: a rule's other
    /// terms and the denies look at the request.
    package func applicableRules(to token: VerifiedToken) -> [String] {
        books[token.issuer]?.rulesMet(by: token.claims) ?? []
    }

    /// `message` as a fault of the first rule that takes each token once; nil in a policy without one.
    package func faultOfOneUse(_ message: String) -> PolicyFault? {
        rules.lazy.compactMap(\.allow).first { $0.oneUse != nil }.map {
            PolicyFault(file: $0.place.file, at: $0.place.position, rule: $0.name, message)
        }
    }

    /// `message` as a fault of the first rule in issuer mode; nil in a policy without one.
    package func faultOfIssuerMode(_ message: String) -> PolicyFault? {
        rules.lazy.compactMap(\.allow).first { $0.federation.mode == .issuer }.map {
            PolicyFault(file: $0.place.file, at: $0.place.position, rule: $0.name, message)
        }
    }

    /// What the rules say to a request with `claims` of the issuer named `issuer`. It grants nothing: that takes a verified
    /// token, see `decide`.
    package func ruling(
        on claims: Claims, from issuer: String, asking request: ExchangeRequest, at now: Timestamp
    ) throws(Refusal) -> Ruling {
        if issuers.contains(where: { $0.isDisabled && $0.name == issuer }) {
            throw .tokenIssuerDisabled(issuer: issuer)
        }
        guard let book = books[issuer] else {
            throw .policyDenied(rule: nil, cause: "the policy has no issuer of this name")
        }
        let terms = try book.terms(for: claims, asking: request, at: now)
        return Ruling(
            role: request.role, region: terms.region, duration: terms.duration,
            sessionName: try sessionName(of: terms.rule, for: claims, from: issuer, asking: request),
            federation: try federation(of: terms.rule, for: claims, from: issuer, asking: request),
            session: terms.session, isOneUse: terms.rule.oneUse != nil, rule: terms.rule.name,
            observations: terms.observations)
    }

    /// A template that the token does not fill is refused, and no later rule is tried: it could only be a laxer one.
    private func sessionName(
        of rule: AllowRule, for claims: Claims, from issuer: String, asking request: ExchangeRequest
    ) throws(Refusal) -> SessionName {
        do throws(UnfilledTemplate) {
            if let template = rule.sessionName { return try template.name(for: claims, of: issuer) }
            guard let name = request.sessionName ?? SessionName(parsing: "vela") else {
                throw UnfilledTemplate(reason: "there is none")
            }
            return name
        } catch {
            throw .policyDenied(rule: rule.name, cause: "session_name: " + error.reason)
        }
    }

    /// Here, too: what a claim does not fill is refused, never left out.
    private func federation(
        of rule: AllowRule, for claims: Claims, from issuer: String, asking request: ExchangeRequest
    ) throws(Refusal) -> Federation {
        do throws(UnfilledTemplate) {
            return try rule.federation.federation(for: claims, of: issuer, asking: request.role)
        } catch {
            throw .policyDenied(rule: rule.name, cause: error.reason)
        }
    }
}

/// What the policy says to a request when it says yes.
package struct Ruling: Sendable, Equatable {
    package let role: RoleARN
    package let region: Region
    package let duration: Duration
    package let sessionName: SessionName
    /// Whose token STS is to be shown, and what one of the gateway's own would say.
    package let federation: Federation
    package let session: SessionPolicies
    /// Whether the token counts once only.
    package let isOneUse: Bool
    /// The rule that allows it.
    package let rule: String
    /// What rules under observation would have decided otherwise.
    package let observations: [Observation]
}
