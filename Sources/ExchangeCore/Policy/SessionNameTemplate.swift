import Crypto
import StrictJSON

/// A rule's `session_name` or `source_identity`: text with `{claim}` in it, filled from the token.
///
/// The name stands in CloudTrail and in the role's session ARN, so two callers of a rule must never share one. A name that
/// shows its values as they are, and from which they can be read back in one way only, is used plain. Every other one
/// ends in `=` and 80 bits of a hash over what went in; a plain name never holds `=`.
struct SessionNameTemplate: Sendable {
    let template: ClaimTemplate

    /// As written in the file: it goes into the hash.
    var text: String { template.text }

    /// Reads `{claim}` and literal text; a literal holds only characters of a session name. Nil after a fault.
    static func parse(
        _ node: SourceNode, as key: String = "session_name", issuer: String? = nil, schema: ClaimSchema,
        scope: FaultScope
    ) -> SessionNameTemplate? {
        let form =
            "letters, digits, any of +=,.@_- and claims in braces, as in \"{repo_org}.{repo_name}-{build_number}\""
        let place = ClaimTemplate.Place(key: key, form: form, isFit: isFit, issuer: issuer)
        return ClaimTemplate.parse(node, as: place, schema: schema, scope: scope).map(SessionNameTemplate.init)
    }

    /// The name for `claims` of `issuer`. A claim that is missing, empty, or not a single text is refused.
    func name(for claims: Claims, of issuer: String) throws(UnfilledTemplate) -> SessionName {
        let values = try template.values(in: claims)
        let plain = template.filled(with: values)
        if let name = SessionName(parsing: plain), !plain.utf8.contains(UInt8(ascii: "=")),
            template.readings(of: plain) == 1
        {
            return name
        }
        let shown = plain.unicodeScalars.map { Self.isFit($0) ? Character($0) : "-" }.prefix(Self.shownLength)
        guard let name = SessionName(parsing: String(shown) + "=" + fingerprint(of: values, issuer: issuer)) else {
            throw UnfilledTemplate(reason: "it makes no session name")
        }
        return name
    }

    /// 16 characters: 80 bits of SHA-256 over the issuer, the template and the values, each after its length.
    private func fingerprint(of values: [String], issuer: String) -> String {
        var hash = SHA256()
        for text in [issuer, self.text] + values { hash.update(lengthPrefixed: text.utf8) }
        return Base32.encode(hash.finalize().prefix(10))
    }

    static func isFit(_ scalar: Unicode.Scalar) -> Bool {
        scalar.isASCII && UInt8(truncatingIfNeeded: scalar.value).isRoleCharacter
    }

    /// What is left of a session name's 64 characters before `=` and the hash.
    static let shownLength = 64 - 17
}

extension SHA256 {
    /// Adds `bytes` after their count as eight bytes, so that no two lists of texts hash alike.
    mutating func update(lengthPrefixed bytes: some Collection<UInt8>) {
        let count = UInt64(bytes.count)
        update(data: (0..<8).map { UInt8(truncatingIfNeeded: count >> (56 - 8 * $0)) })
        update(data: Array(bytes))
    }
}
