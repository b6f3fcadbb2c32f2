import Crypto
import StrictJSON

/// A rule's `session_name`: text with `{claim}` in it, filled from the token.
///
/// The name stands in CloudTrail and in the role's session ARN, so two callers of a rule must never share one. A name that
/// shows its values as they are, and from which they can be read back in one way only, is used plain. Every other one
/// ends in `=` and 80 bits of a hash over what went in; a plain name never holds `=`.
struct SessionNameTemplate: Sendable {
    /// As written in the file: it goes into the hash.
    let text: String
    let parts: [Part]

    enum Part: Sendable {
        case literal(String)
        /// `isDigits` when the verifier takes care of that: it tells apart what a `-` would blur.
        case claim(ClaimPath, isDigits: Bool)
    }

    /// The name for `claims` of `issuer`. A claim that is missing, empty, or not a single text is refused.
    func name(for claims: Claims, of issuer: String) throws(UnfilledTemplate) -> SessionName {
        var values: [String] = []
        for case .claim(let path, let isDigits) in parts {
            values.append(try Self.text(at: path, isDigits: isDigits, in: claims))
        }
        let plain = filled(with: values)
        if let name = SessionName(parsing: plain), !plain.utf8.contains(UInt8(ascii: "=")), readings(of: plain) == 1 {
            return name
        }
        let shown = plain.unicodeScalars.map { Self.isFit($0) ? Character($0) : "-" }.prefix(Self.shownLength)
        guard let name = SessionName(parsing: String(shown) + "=" + fingerprint(of: values, issuer: issuer)) else {
            throw UnfilledTemplate(reason: "it makes no session name")
        }
        return name
    }

    private func filled(with values: [String]) -> String {
        var rest = values[...]
        return parts.map { part in
            switch part {
            case .literal(let text): text
            case .claim: rest.removeFirst()
            }
        }.joined()
    }

    private static func text(
        at path: ClaimPath, isDigits: Bool, in claims: Claims
    ) throws(UnfilledTemplate) -> String {
        guard case .present(let value) = claims[path] else {
            throw UnfilledTemplate(reason: "the claim \(path) is missing")
        }
        guard let text = value.string else { throw UnfilledTemplate(reason: "the claim \(path) is not a text") }
        guard !text.isEmpty else { throw UnfilledTemplate(reason: "the claim \(path) is empty") }
        guard !isDigits || text.utf8.allSatisfy(\.isDigit) else {
            throw UnfilledTemplate(reason: "the claim \(path) is not digits")
        }
        return text
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

/// A template that a token's claims do not fill.
struct UnfilledTemplate: Error {
    let reason: String
}

extension SHA256 {
    /// Adds `bytes` after their count as eight bytes, so that no two lists of texts hash alike.
    mutating func update(lengthPrefixed bytes: some Collection<UInt8>) {
        let count = UInt64(bytes.count)
        update(data: (0..<8).map { UInt8(truncatingIfNeeded: count >> (56 - 8 * $0)) })
        update(data: Array(bytes))
    }
}
