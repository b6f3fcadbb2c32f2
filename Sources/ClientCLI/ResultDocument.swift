import ExchangeAPI
import Secrets
import StrictJSON

/// What was got and where it is, without a secret: what `output: json` prints.
struct ResultDocument {
    let results: [RoleResult]
    let script: Script?

    /// One line of JSON.
    var text: Secret {
        var writer = JSONWriter(into: [UInt8]())
        writer.beginObject()
        writer.member("script_path", script?.path)
        writer.member("script_format", script?.format.rawValue)
        writer.name("credentials")
        writer.beginArray()
        for result in results { writer.append(result) }
        writer.endArray()
        writer.endObject()
        return Secret((writer.finish() + [UInt8(ascii: "\n")]).span)
    }
}

extension JSONWriter<[UInt8]> {
    /// The gateway's words pass through `quote`: it could repeat a secret in any of them.
    fileprivate mutating func append(_ result: RoleResult) {
        let answer = result.answer
        let secrets = [answer.secretAccessKey, answer.sessionToken]
        func quote(_ text: String) -> String { Printable.quote(text, hiding: secrets) }
        beginObject()
        member("profile", result.profile)
        member("role", quote(answer.role))
        member("assumed_role_arn", quote(answer.assumedRoleARN))
        member("access_key_id", result.credentials.accessKeyID)
        member("expiration", result.credentials.expiration.description)
        member("region", result.credentials.region)
        member("rule", quote(answer.rule))
        member("observed_rules", answer.observedRules.map(quote))
        member("request_id", quote(answer.requestID))
        endObject()
    }
}
