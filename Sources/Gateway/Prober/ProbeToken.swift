import Secrets
import StrictJSON

/// A signed token taken apart (RFC 7515 section 7.1), so that it can be spoilt in one place. Nothing in it is checked.
///
/// All three parts together are a secret, a spoilt token included: whoever knows what was spoilt can undo it.
struct ProbeToken: Sendable {
    /// As it is sent.
    let text: Secret
    let payload: JSONObject
    private let header: JSONObject
    private let parts: Parts

    /// Reads a token of three parts. The error names what it is not, and nothing of what it holds.
    init(parsing text: Secret) throws(StartFailure) {
        guard let parts = Parts(splitting: text), let header = Self.object(parts.header),
            let payload = Self.object(parts.payload)
        else {
            throw StartFailure(
                "what was given is no token: it needs three parts with dots between them, as Vela answers an ID token request"
            )
        }
        (self.text, self.parts, self.header, self.payload) = (text, parts, header, payload)
    }

    /// The last bit of the signature is another. Base64's last character can hold bits of no meaning, so the bytes are changed.
    var withChangedSignature: Secret {
        let signature = parts.signature.withBytes { characters in
            var bytes = Base64URL.decode((0..<characters.count).map { characters[$0] }) ?? []
            bytes[bytes.count - 1] ^= 1
            return Secret(Base64URL.encode(bytes))
        }
        return Parts(header: parts.header, payload: parts.payload, signature: signature).joined
    }

    /// An hour more to live, under the signature as it was.
    var withChangedPayload: Secret {
        var longer = payload
        let end = payload["exp"]?.integer ?? 0
        longer["exp"] = .number(JSONNumber(end.addingReportingOverflow(3600).partialValue))
        return with(payload: longer)
    }

    /// Another issuer, under the signature as it was.
    func with(issuer: String) -> Secret {
        var foreign = payload
        foreign["iss"] = .string(issuer)
        return with(payload: foreign)
    }

    /// The same claims, `alg` is `none` (RFC 7519 section 6), and there is no signature.
    var unsigned: Secret {
        var open = header
        open["alg"] = .string("none")
        return Parts(header: Self.text(open), payload: parts.payload, signature: Secret("")).joined
    }

    private func with(payload: JSONObject) -> Secret {
        Parts(header: parts.header, payload: Self.text(payload), signature: parts.signature).joined
    }

    private static func text(_ object: JSONObject) -> [UInt8] {
        Array(Base64URL.encode(JSONValue.object(object).bytes).utf8)
    }

    private static func object(_ text: [UInt8]) -> JSONObject? {
        guard let bytes = Base64URL.decode(text) else { return nil }
        return try? JSONValue(parsing: bytes).object  // That it is none is reason enough.
    }
}

/// The three base64url texts of a token.
private struct Parts {
    let header: [UInt8]
    let payload: [UInt8]
    let signature: Secret

    init(header: [UInt8], payload: [UInt8], signature: Secret) {
        (self.header, self.payload, self.signature) = (header, payload, signature)
    }

    /// Nil unless there are three parts and the last is a signature.
    init?(splitting token: Secret) {
        let parts = token.withBytes { bytes -> Parts? in
            let dots = bytes.indices.filter { bytes[$0] == UInt8(ascii: ".") }
            guard dots.count == 2 else { return nil }
            let signature = bytes.extracting(dots[1] + 1..<bytes.count)
            guard !signature.isEmpty, Base64URL.decode(signature.indices.map { signature[$0] }) != nil else {
                return nil
            }
            return Parts(
                header: (0..<dots[0]).map { bytes[$0] }, payload: (dots[0] + 1..<dots[1]).map { bytes[$0] },
                signature: Secret(signature))
        }
        guard let parts else { return nil }
        self = parts
    }

    var joined: Secret {
        var builder = SecretBuilder(capacity: header.count + payload.count + signature.count + 2)
        builder.append(header.span)
        builder.append(UInt8(ascii: "."))
        builder.append(payload.span)
        builder.append(UInt8(ascii: "."))
        signature.withBytes { builder.append($0) }
        return builder.finish()
    }
}
