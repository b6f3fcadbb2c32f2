import ExchangeAPI
import ExchangeCore
import Secrets
import StrictJSON

extension SigningKey {
    /// The compact JWS over `claims`, one JSON document (RFC 7515 section 7.1). `keyID` names another key than the one that
    /// signs, which only the prober wants.
    ///
    /// What is signed is no secret: without the signature it opens nothing. Both together are.
    func token(over claims: [UInt8], keyID: String? = nil) throws(SigningKeyFault) -> Secret {
        var input: [UInt8] = []
        input.reserveCapacity((claims.count + 160) * 4 / 3)
        Base64URL.encode(header(keyID ?? self.keyID).span, into: &input)
        input.append(UInt8(ascii: "."))
        Base64URL.encode(claims.span, into: &input)
        let signature = try signature(over: input)
        var token = SecretBuilder(capacity: input.count + 1 + signature.count * 4 / 3 + 3)
        token.append(input.span)
        token.append(UInt8(ascii: "."))
        Base64URL.encode(signature.span, into: &token)
        return token.finish()
    }

    private func header(_ keyID: String) -> [UInt8] {
        var writer = JSONWriter(into: [UInt8]())
        writer.beginObject()
        writer.member("alg", algorithm.rawValue)
        writer.member("kid", keyID)
        writer.member("typ", "JWT")
        writer.endObject()
        return writer.finish()
    }
}
