/// What is known at load of the claims that a rule can see.
struct ClaimSchema {
    /// Every token that the rule meets is Vela's, so that a claim that Vela does not send is a mistake.
    private let isVela: Bool

    /// For a rule of `issuer`; nil stands for all issuers. An issuer that is not there is somebody else's fault.
    init(of issuer: String?, among issuers: [Issuer]) {
        let seen = issuers.filter { issuer == nil || $0.name == issuer }
        isVela = !seen.isEmpty && seen.allSatisfy { $0.kind == .vela }
    }

    /// Whether the verifier takes care that the claim is digits.
    func isDigits(_ path: ClaimPath) -> Bool { isVela && VelaClaimTypes.type(of: path) == .digits }

    /// The claim named `text`, for an operator that reads `type`. Nil after a fault: no such claim, or one of another type.
    func claim(_ text: String, as type: ClaimType, at position: SourcePosition, scope: FaultScope) -> ClaimPath? {
        guard let path = ClaimPath(parsing: text) else {
            scope.report("\(text.quoted) names no claim; write one as sub or custom_properties.team", at: position)
            return nil
        }
        guard isVela else { return path }
        guard let found = VelaClaimTypes.type(of: path) else {
            scope.report(
                "Vela sends no claim \(text.quoted); it sends \(VelaClaimTypes.list), and custom_properties has members",
                at: position)
            return nil
        }
        guard found.isReadable(as: type) else {
            scope.report("the claim \(text.quoted) \(found.words); \(type.remedy)", at: position)
            return nil
        }
        return path
    }
}

extension ClaimType {
    fileprivate var words: String {
        switch self {
        case .text, .digits: "is a text"
        case .boolean: "is true or false"
        case .number: "is a number"
        case .moment: "is a point in time"
        case .object: "is a mapping: name one of its members, as in custom_properties.team"
        case .any: "is of any type"
        }
    }

    /// What to do when an operator of this type was given a claim of another.
    fileprivate var remedy: String {
        switch self {
        case .boolean: "Bool is for commands, pull_fork and custom properties"
        case .number: "Numeric operators are for build_number, build_id, actor_scm_id, iat, exp and custom properties"
        case .moment: "Date operators are for iat, exp and custom properties"
        case .text, .digits, .object, .any: "name a claim that is a text"
        }
    }
}
