import MicroHTTPD
import StrictJSON

// What is counted and kept of each call.
extension STSStandIn {
    /// Counts the call. Where tokens are checked, keeps what it said too: the cheap mode has no time for it.
    func note(_ request: HTTPRequest, _ action: String, _ form: FormParameters?, _ body: [UInt8]) {
        counts.count("calls")
        counts.count(action)
        guard keepsCalls else { return }
        if log.isRepeated(body) { counts.count("retries") }
        log.add(call(request, action, form))
    }

    private func call(_ request: HTTPRequest, _ action: String, _ form: FormParameters?) -> JSONObject {
        var call = JSONObject([.init("action", .string(action))])
        for (name, parameter) in Self.shown { call[name] = form?[parameter].map { .string($0) } }
        // Not the token: it opens something.
        call["claims"] = form?["WebIdentityToken"].flatMap(WebIdentityCheck.claims(of:)).map { .object($0) }
        var policyARNs: [JSONValue] = []
        while let arn = form?["PolicyArns.member.\(policyARNs.count + 1).arn"] { policyARNs.append(.string(arn)) }
        call["policy_arns"] = .array(policyARNs)
        call["host"] = request.headers["Host"].map { .string($0) }
        call["content_type"] = request.headers["Content-Type"].map { .string($0) }
        if let scope = CredentialScope(parsing: request.authorizationText ?? "") {
            call["access_key_id"] = .string(scope.accessKeyID)
            call["region"] = .string(scope.region)
        }
        return call
    }

    private static let shown = [
        ("role", "RoleArn"), ("session_name", "RoleSessionName"), ("duration", "DurationSeconds"), ("policy", "Policy"),
    ]
}

/// The `Credential=` part of an Authorization field of AWS Signature Version 4.
struct CredentialScope: Sendable, Equatable {
    let accessKeyID: String
    let region: String
    let service: String

    /// Nil when the field is of another kind or its scope has not five parts.
    init?(parsing authorization: String) {
        guard authorization.hasPrefix("AWS4-HMAC-SHA256 ") else { return nil }
        let fields = authorization.dropFirst("AWS4-HMAC-SHA256 ".count).split(separator: ",")
        guard let credential = fields.map({ $0.drop { $0 == " " } }).first(where: { $0.hasPrefix("Credential=") })
        else {
            return nil
        }
        let parts = credential.dropFirst("Credential=".count).split(separator: "/", omittingEmptySubsequences: false)
        guard parts.count == 5, parts[4] == "aws4_request" else { return nil }
        accessKeyID = String(parts[0])
        region = String(parts[2])
        service = String(parts[3])
    }
}
