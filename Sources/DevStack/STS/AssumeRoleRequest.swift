import StrictJSON

/// The parameters of AssumeRoleWithWebIdentity, each within AWS's constraint.
struct AssumeRoleRequest: Sendable {
    let roleARN: String
    let role: RoleName
    let sessionName: String
    let token: String
    /// The inline session policy as it came; nil for none.
    let policy: String?
    let policyARNs: [String]
    let duration: Duration

    /// Reads and checks the form.
    init(_ form: FormParameters) throws(STSError) {
        roleARN = try Self.required(form, "RoleArn", "roleArn")
        role = try RoleName(parsing: roleARN)
        sessionName = try Self.sessionName(form)
        token = try Self.required(form, "WebIdentityToken", "webIdentityToken")
        guard (4...20_000).contains(token.utf8.count) else {
            throw .validation("webIdentityToken", "***", "Member must have length between 4 and 20000")
        }
        guard form["ProviderId"] == nil else {
            throw STSError("ValidationError", "ProviderId must not be set for an OpenID Connect token")
        }
        duration = try Self.duration(form)
        policyARNs = try Self.policyARNs(form)
        policy = try Self.policy(form)
        guard (policy?.unicodeScalars.count ?? 0) + policyARNs.reduce(0, { $0 + $1.utf8.count }) <= 2048 else {
            throw STSError(
                "PackedPolicyTooLarge", "Inline and managed session policies together are longer than 2048 characters")
        }
    }

    /// A percentage that grows with what was sent; AWS's own packing is not known. Nil without session policies.
    var packedPolicySize: Int? {
        guard policy != nil || !policyARNs.isEmpty else { return nil }
        return 1 + ((policy?.utf8.count ?? 0) + policyARNs.reduce(0) { $0 + $1.utf8.count }) * 98 / 2048
    }

    private static func required(_ form: FormParameters, _ name: String, _ shown: String) throws(STSError) -> String {
        guard let value = form[name], !value.isEmpty else { throw .validation(shown, nil, "Member must not be null") }
        return value
    }

    private static func sessionName(_ form: FormParameters) throws(STSError) -> String {
        let name = try required(form, "RoleSessionName", "roleSessionName")
        guard (2...64).contains(name.utf8.count) else {
            throw .validation("roleSessionName", name, "Member must have length between 2 and 64")
        }
        guard name.utf8.allSatisfy({ isSessionNameByte($0) }) else {
            throw .validation(
                "roleSessionName", name, #"Member must satisfy regular expression pattern: [\w+=,.@-]*"#)
        }
        return name
    }

    private static func isSessionNameByte(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"):
            true
        default: "_+=,.@-".utf8.contains(byte)
        }
    }

    private static func duration(_ form: FormParameters) throws(STSError) -> Duration {
        guard let text = form["DurationSeconds"] else { return .seconds(3600) }
        guard let seconds = Int(text) else { throw STSError("MalformedInput", "DurationSeconds is not a number") }
        guard seconds >= 900 else {
            throw .validation("durationSeconds", text, "Member must have value greater than or equal to 900")
        }
        guard seconds <= 43_200 else {
            throw .validation("durationSeconds", text, "Member must have value less than or equal to 43200")
        }
        return .seconds(seconds)
    }

    private static func policyARNs(_ form: FormParameters) throws(STSError) -> [String] {
        var list: [String] = []
        while let text = form["PolicyArns.member.\(list.count + 1).arn"] {
            guard (20...2048).contains(text.utf8.count), text.hasPrefix("arn:") else {
                throw .validation("policyArns.\(list.count + 1).member.arn", text, "Member must be an ARN")
            }
            list.append(text)
        }
        guard list.count <= 10 else {
            throw .validation("policyArns", "\(list.count) ARNs", "Member must have length less than or equal to 10")
        }
        return list
    }

    private static func policy(_ form: FormParameters) throws(STSError) -> String? {
        guard let text = form["Policy"] else { return nil }
        guard (1...2048).contains(text.unicodeScalars.count) else {
            throw .validation("policy", "***", "Member must have length between 1 and 2048")
        }
        guard text.unicodeScalars.allSatisfy({ [9, 10, 13].contains($0.value) || (0x20...0xFF).contains($0.value) })
        else {
            throw .validation(
                "policy", "***",
                "Member must satisfy regular expression pattern: [\\u0009\\u000A\\u000D\\u0020-\\u00FF]+")
        }
        let document: JSONValue
        do { document = try JSONValue(parsing: text) } catch {
            throw STSError("MalformedPolicyDocument", "Syntax errors in policy: \(error)")
        }
        guard document.object?["Statement"] != nil else {
            throw STSError("MalformedPolicyDocument", "The policy has no Statement")
        }
        return text
    }
}
