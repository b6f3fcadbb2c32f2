import StrictJSON

/// How a rule's grants go to AWS, compiled.
enum FederationTerms: Sendable {
    case forward
    case issuer(FederationTemplates)

    var mode: FederationMode {
        switch self {
        case .forward: .forward
        case .issuer: .issuer
        }
    }

    var templates: FederationTemplates? { if case .issuer(let templates) = self { templates } else { nil } }

    /// What it comes to for `claims` of `issuer`.
    func federation(
        for claims: Claims, of issuer: String, asking role: RoleARN
    ) throws(UnfilledTemplate) -> Federation {
        switch self {
        case .forward: .forward
        case .issuer(let templates): .issuer(try templates.claims(for: claims, of: issuer, asking: role))
        }
    }
}

/// What a token of the gateway's own shall say, to be filled from the claims of the caller's.
///
/// Keys are the policy's; only values come from claims, and each is checked against AWS's limits as a whole. So no claim can add a
/// tag, end a value early, or become another caller's subject.
struct FederationTemplates: Sendable {
    /// Nil until the whole policy is read: the standard one depends on how many issuers there are.
    var subject: ClaimTemplate?
    let audience: String
    let tags: [TagTemplate]
    let sourceIdentity: SessionNameTemplate?
    /// Whether the token may assume the one role that was granted, by its claim `roles`.
    let pinsRole: Bool

    struct TagTemplate: Sendable {
        let key: String
        let value: ClaimTemplate
        let isTransitive: Bool
    }

    /// 6 to 255 are STS's bounds of `SubjectFromWebIdentityToken`. A control character is in no name of a repository or ref, and
    /// would only be there to be misread.
    static let subjectBounds = TextBounds(length: 6...255, form: "no control characters") {
        // The table of categories is slow, and most texts are ASCII.
        $0.isASCII ? $0.value >= 0x20 && $0.value != 0x7F : $0.properties.generalCategory != .control
    }

    func claims(
        for claims: Claims, of issuer: String, asking role: RoleARN
    ) throws(UnfilledTemplate) -> FederationClaims {
        guard let subject else { throw UnfilledTemplate(reason: "subject: there is none") }
        var filled: [SessionTag] = []
        filled.reserveCapacity(tags.count)
        for tag in tags {
            let value = try Self.naming("tags.\(tag.key)") { () throws(UnfilledTemplate) in
                try tag.value.plainText(for: claims, within: SessionTag.valueBounds)
            }
            filled.append(SessionTag(key: tag.key, value: value, isTransitive: tag.isTransitive))
        }
        return FederationClaims(
            subject: try Self.naming("subject") { () throws(UnfilledTemplate) in
                try subject.plainText(for: claims, within: Self.subjectBounds)
            }, audience: audience, tags: filled,
            sourceIdentity: try Self.naming("source_identity") { () throws(UnfilledTemplate) in
                try sourceIdentity?.name(for: claims, of: issuer).description
            }, pinnedRole: pinsRole ? role : nil)
    }

    /// What `make` makes, or why not, with the key of the policy that it is about.
    private static func naming<Value>(
        _ key: String, _ make: () throws(UnfilledTemplate) -> Value
    ) throws(UnfilledTemplate) -> Value {
        do throws(UnfilledTemplate) {
            return try make()
        } catch {
            throw UnfilledTemplate(reason: "\(key): \(error.reason)")
        }
    }
}
