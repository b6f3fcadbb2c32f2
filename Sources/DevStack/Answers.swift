import MicroHTTPD
import Secrets
import StrictJSON

// The forms of answer that the stack gives.
extension HTTPResponse {
    /// A JSON document that nobody may keep, as Vela sends them.
    static func json(_ value: JSONValue, status: Int = 200) -> HTTPResponse {
        HTTPResponse(
            status: status,
            headers: [("Content-Type", "application/json; charset=utf-8"), ("Cache-Control", "no-cache, no-store")],
            body: .bytes(value.bytes))
    }

    /// An error in Vela's form.
    static func velaError(_ status: Int, _ message: String) -> HTTPResponse {
        json(.object(JSONObject([.init("error", .string(message))])), status: status)
    }

    /// The same answer with the second half of its body cut off.
    func truncated() -> HTTPResponse {
        guard case .bytes(let bytes) = body else { return self }
        return HTTPResponse(status: status, headers: headers, body: .bytes(Array(bytes.prefix(bytes.count / 2))))
    }
}

extension HTTPRequest {
    /// A copy of the body. Nothing that reaches this stack is worth wiping.
    var bodyBytes: [UInt8] { body.withBytes { [UInt8]($0) } }

    /// The Authorization field as text; nil when there is none or it is not UTF-8.
    var authorizationText: String? {
        authorization?.withBytes { String(validating: [UInt8]($0), as: UTF8.self) }
    }
}
