import Crypto
import FoundationEssentials
import StrictJSON

/// Makes and reads the request tokens that Vela hands to a step (HS256, `token_type` = `IDRequest`).
struct RequestTokens: Sendable {
    private let key = SymmetricKey(size: .bits256)

    /// What a good token says.
    struct Content: Sendable, Equatable {
        /// The step it was made for.
        let id: String
        /// `org/repo`.
        let repo: String
        let build: Int64
    }

    /// A token for the step registered as `id`.
    func token(for build: Build, id: String, at moment: Timestamp = .now) -> String {
        let claims = JSONObject([
            .init("build_number", .number(JSONNumber(build.number))),
            .init("exp", .number(JSONNumber((moment + build.requestLifetime).seconds))),
            .init("iat", .number(JSONNumber(moment.seconds))),
            .init("jti", .string(id)),
            .init("repo", .string(build.slug)),
            .init("sub", .string(build.subject)),
            .init("token_type", .string("IDRequest")),
        ])
        let input = Base64URL.encode(Self.header) + "." + Base64URL.encode(JSONValue.object(claims).bytes)
        return input + "." + Base64URL.encode(Array(mac(of: input)))
    }

    /// Why a token is no good, in the words of Vela's error.
    enum Fault: String, Error {
        case malformed = "token is malformed"
        case signature = "token signature is invalid"
        case expired = "token has invalid claims: token is expired"
        case type = "invalid token type"
    }

    /// Reads a token made here. Any other, an ID token among them, is refused.
    func read(_ token: String, at moment: Timestamp = .now) throws(Fault) -> Content {
        let parts = token.split(separator: ".", omittingEmptySubsequences: false)
        guard parts.count == 3, let payload = Base64URL.decode(parts[1].utf8), let tag = Base64URL.decode(parts[2].utf8)
        else { throw .malformed }
        let expected = mac(of: "\(parts[0]).\(parts[1])")
        guard tag.count == SHA256.byteCount, zip(tag, expected).allSatisfy({ $0 == $1 }) else { throw .signature }
        return try content(of: payload, at: moment)
    }

    private static let header = Array(#"{"alg":"HS256","typ":"JWT"}"#.utf8)

    private func content(of payload: [UInt8], at moment: Timestamp) throws(Fault) -> Content {
        let claims: JSONObject?
        do { claims = try JSONValue(parsing: payload).object } catch { throw .malformed }
        guard let claims, let id = claims["jti"]?.string, let repo = claims["repo"]?.string,
            let build = claims["build_number"]?.integer, let expiry = claims["exp"]?.integer
        else { throw .malformed }
        guard claims["token_type"]?.string == "IDRequest" else { throw .type }
        guard moment.seconds < expiry else { throw .expired }
        return Content(id: id, repo: repo, build: build)
    }

    private func mac(of input: String) -> HMAC<SHA256>.MAC {
        HMAC<SHA256>.authenticationCode(for: Array(input.utf8), using: key)
    }
}
