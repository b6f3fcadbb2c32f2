import MicroHTTPD
import StrictJSON

/// The addresses under `/_dev/`, by which tests and people direct the stack, and what is published. Both listeners serve them.
struct DevRoutes: Sendable {
    let issuer: VelaIssuer
    let sts: STSStandIn
    /// Nil where nothing is.
    let published: PublishedIssuer?

    /// The answer; nil when the path is not one of these.
    func answer(_ request: HTTPRequest) -> HTTPResponse? {
        if request.method == .get, let answer = published?.answer(request.path) { return answer }
        guard request.path.hasPrefix("/_dev/") else { return nil }
        do {
            let document = try request.method == .get ? shown(at: request.path) : done(request)
            return document.map { .json($0) }
                ?? .velaError(404, "there is no \(request.method.rawValue) \(request.path)")
        } catch DevStackError.invalidRequest(let reason) {
            return .velaError(400, reason)
        } catch {
            return .velaError(500, "\(error)")
        }
    }

    private func shown(at path: String) -> JSONValue? {
        switch path {
        case "/_dev/counts": issuer.counts.document(naming: ["discovery", "jwks", "id_token", "id_token_refused"])
        case "/_dev/sts/counts":
            sts.counts.document(
                naming: ["calls", "errors", "faults", "retries", "AssumeRoleWithWebIdentity", "GetCallerIdentity"])
        case "/_dev/sts/calls": sts.log.document
        default: nil
        }
    }

    private func done(_ request: HTTPRequest) throws(DevStackError) -> JSONValue? {
        let body = request.bodyBytes
        switch request.path {
        case "/_dev/builds": return try register(body)
        case "/_dev/tokens": return try tokens(body)
        case "/_dev/keys/rotate": try issuer.keys.replaceKeys()
        case "/_dev/keys/restart": try issuer.keys.addKey()
        case "/_dev/issuer/faults": try issuer.faults.set(parsing: body)
        case "/_dev/sts/faults": try sts.faults.set(parsing: body)
        case "/_dev/counts/reset": issuer.counts.reset()
        case "/_dev/sts/counts/reset":
            sts.counts.reset()
            sts.log.reset()
        default: return nil
        }
        return .object(JSONObject([.init("kids", .array(issuer.keys.ids.map { .string($0) }))]))
    }

    private func register(_ body: [UInt8]) throws(DevStackError) -> JSONValue {
        var fields = try FieldReader(parsing: body)
        let build = try Build(reading: &fields)
        try fields.end()
        return issuer.register(build).document
    }

    /// ID tokens without a build, several at a time: `count`, `audience`, `header` and the fields of a build.
    private func tokens(_ body: [UInt8]) throws(DevStackError) -> JSONValue {
        var fields = try FieldReader(parsing: body)
        let audience = try fields.strings("audience") ?? ["sts.amazonaws.com"]
        let count = try fields.integer("count") ?? 1
        let header = try fields.object("header") ?? JSONObject()
        let build = try Build(reading: &fields)
        try fields.end()
        guard (1...1000).contains(count) else { throw .invalidRequest("count must be 1 to 1000") }
        var tokens: [JSONValue] = []
        for _ in 0..<count {
            tokens.append(.string(try issuer.idToken(for: build, audience: audience, header: header)))
        }
        return .object(JSONObject([.init("tokens", .array(tokens))]))
    }
}
