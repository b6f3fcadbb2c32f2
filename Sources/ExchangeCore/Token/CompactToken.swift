import Crypto
import Secrets
import StrictJSON

/// A token taken apart, RFC 7515 section 7.1, and nothing in it believed yet.
struct CompactToken {
    /// AWS takes tokens up to 20,000 bytes; a longer one could not be exchanged.
    static let maximumSize = 20_000
    /// Four levels are what custom_properties need; a scalar has depth 1.
    private static let limits = JSONLimits(depth: 16, values: 10_000)

    let header: TokenHeader
    let payload: JSONObject
    /// `iss`, for finding the issuer; nil when it is absent or no text.
    let issuer: String?
    /// `BASE64URL(header).BASE64URL(payload)`, what is signed.
    let signingInput: [UInt8]
    let signature: [UInt8]
    /// Lower-case hex SHA-256 of all three parts.
    let digest: String
    /// SHA-256 of `signingInput`: what RS256 and ES256 sign, and the token's name for one use.
    let signingDigest: SHA256Digest

    init(parsing token: Secret) throws(Refusal) {
        guard !token.isEmpty else { throw .tokenMissing }
        guard token.count <= Self.maximumSize else {
            throw .tokenMalformed(cause: "\(token.count) bytes, \(Self.maximumSize) are allowed")
        }
        let parts = try token.withBytes { (bytes) throws(Refusal) in try CompactParts(splitting: bytes) }
        let signed = parts.signed.span
        header = try TokenHeader(Self.object(signed.extracting(..<parts.headerEnd), "header"))
        payload = try Self.object(signed.extracting((parts.headerEnd + 1)...), "payload")
        guard let signature = Base64URL.decode(parts.dotAndSignature.span.extracting(1...)) else {
            throw .tokenMalformed(cause: "the signature is not canonical base64url")
        }
        self.signature = signature
        issuer = payload["iss"]?.string
        signingInput = parts.signed
        var hash = SHA256()
        hash.update(data: signingInput)
        signingDigest = hash.finalize()
        hash.update(data: parts.dotAndSignature)
        digest = hash.finalize().lowercaseHex
    }

    private static func object(_ text: Span<UInt8>, _ part: String) throws(Refusal) -> JSONObject {
        guard let bytes = Base64URL.decode(text) else {
            throw .tokenMalformed(cause: "the \(part) is not canonical base64url")
        }
        let value: JSONValue
        do {
            value = try JSONValue(parsing: bytes, limits: limits)
        } catch {
            throw .tokenMalformed(cause: "the \(part): \(error)")
        }
        guard let object = value.object else { throw .tokenMalformed(cause: "the \(part) is \(value.kind)") }
        return object
    }
}

/// The three base64url texts of a compact JWS. Copies, so that the secret itself is open for a moment only; neither of
/// them alone is worth anything to a thief.
private struct CompactParts {
    private static let dot = UInt8(ascii: ".")

    /// Header and payload with the dot between them: what is signed.
    let signed: [UInt8]
    /// Where in `signed` the header ends, at its dot.
    let headerEnd: Int
    let dotAndSignature: [UInt8]

    init(splitting bytes: Span<UInt8>) throws(Refusal) {
        guard let first = bytes.indices.first(where: { bytes[$0] == Self.dot }),
            let last = bytes.indices.last(where: { bytes[$0] == Self.dot }), first < last,
            !bytes.extracting((first + 1)..<last).hasDot
        else {
            let dots = bytes.indices.filter { bytes[$0] == Self.dot }
            throw .tokenMalformed(cause: "\(dots.count + 1) parts, a signed token has 3")
        }
        signed = [UInt8](bytes.extracting(..<last))
        headerEnd = first
        dotAndSignature = [UInt8](bytes.extracting(last...))
    }
}

extension Span<UInt8> {
    /// Whether any byte is a dot. It looks at all of them and takes no branch, because so the compiler makes it sixteen bytes at
    /// a time: a payload is long.
    fileprivate var hasDot: Bool {
        var found: UInt8 = 0
        for index in indices { found |= self[index] == UInt8(ascii: ".") ? 1 : 0 }
        return found != 0
    }
}
