import CryptoExtras
import Foundation
import StrictJSON

/// A token taken apart, with a check of its signature that shares nothing with the stack's own.
struct JWT {
    let header: JSONObject
    let claims: JSONObject
    private let input: String
    private let signature: [UInt8]

    init(_ token: String) throws {
        let parts = token.split(separator: ".", omittingEmptySubsequences: false)
        guard parts.count == 3, let header = Base64URL.decode(parts[0].utf8),
            let claims = Base64URL.decode(parts[1].utf8),
            let signature = Base64URL.decode(parts[2].utf8), let headerObject = try JSONValue(parsing: header).object,
            let claimsObject = try JSONValue(parsing: claims).object
        else { throw UnexpectedAnswer(text: token) }
        self.header = headerObject
        self.claims = claimsObject
        self.signature = signature
        input = "\(parts[0]).\(parts[1])"
    }

    /// Whether the key of the set that has this token's `kid` verifies it.
    func isSigned(byKeyIn keySet: JSONValue) throws -> Bool {
        let keys = keySet.object?["keys"]?.array?.compactMap(\.object) ?? []
        guard let key = keys.first(where: { $0["kid"] == header["kid"] }), let modulus = key["n"]?.string,
            let exponent = key["e"]?.string, let n = Base64URL.decode(modulus.utf8),
            let e = Base64URL.decode(exponent.utf8)
        else { return false }
        return try _RSA.Signing.PublicKey(n: n, e: e).isValidSignature(
            _RSA.Signing.RSASignature(rawRepresentation: signature), for: Data(input.utf8), padding: .insecurePKCS1v1_5)
    }
}
