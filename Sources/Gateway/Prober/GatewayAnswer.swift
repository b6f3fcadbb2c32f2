import ExchangeAPI
import OutboundHTTP
import Secrets

/// What a gateway, or whatever stands at its address, answered.
///
/// It may be anything, so nothing of it is shown but a code that we know and a request id in the form of ours: an echo of the
/// token would be a leak.
struct GatewayAnswer: Sendable {
    let status: Int
    let body: Secret
    /// Nil when the answer has none of our form.
    let requestID: String?

    init(status: Int, body: Secret, requestID: String?) {
        self.status = status
        self.body = body
        self.requestID = requestID.flatMap { $0.isRequestID ? $0 : nil }
    }

    init(_ response: OutboundResponse) {
        self.init(status: response.status, body: response.body, requestID: response.header("X-Request-Id"))
    }

    /// The code of a problem; nil for anything else, and for a code of a newer gateway.
    var code: ProblemCode? {
        // What is no problem document has no code.
        body.withBytes { try? Problem(parsing: $0) }.flatMap { ProblemCode(rawValue: $0.code) }
    }

    /// The status, and the code where there is one: `401 token_missing`.
    var shown: String { code.map { "\(status) \($0.rawValue)" } ?? "\(status) without a code of the gateway" }

    /// Whether the body has a member that only credentials have, of whichever front.
    var holdsCredentials: Bool {
        ["secret_access_key", "SecretAccessKey", "session_token", "SessionToken"].contains(where: body.contains)
    }
}

extension String {
    fileprivate var isRequestID: Bool {
        utf8.count == 32
            && utf8.allSatisfy {
                (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0)
                    || (UInt8(ascii: "a")...UInt8(ascii: "f")).contains($0)
            }
    }
}

extension Secret {
    /// Whether `text` stands in it, byte for byte. Nothing is copied.
    fileprivate func contains(_ text: String) -> Bool {
        let text = Array(text.utf8)
        return withBytes { bytes in
            guard bytes.count >= text.count else { return false }
            return (0...bytes.count - text.count).contains { start in
                text.indices.allSatisfy { bytes[start + $0] == text[$0] }
            }
        }
    }
}
