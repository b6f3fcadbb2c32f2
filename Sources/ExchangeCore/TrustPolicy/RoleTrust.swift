import StrictJSON

/// A trust policy, and whose it is.
package struct RoleTrust: Sendable {
    /// Nil where the document does not say.
    package let role: RoleARN?
    package let policy: TrustPolicy

    /// Reads a trust policy, or what `aws iam get-role`, `list-roles` and `get-account-authorization-details` print: one or more
    /// roles with their `AssumeRolePolicyDocument`, URL-encoded as IAM's API has it or not.
    package static func all(in bytes: [UInt8]) throws(TrustPolicyFault) -> [RoleTrust] {
        let document = try parsed(bytes)
        guard let object = document.object else {
            return [RoleTrust(role: nil, policy: try TrustPolicyReader.policy(document))]
        }
        if let role = object["Role"] { return [try RoleTrust(described: role)] }
        for list in ["Roles", "RoleDetailList"] {
            guard let roles = object[list] else { continue }
            guard let roles = roles.array else { throw TrustPolicyFault("\(list) is an array of roles") }
            return try roles.map { (role) throws(TrustPolicyFault) in try RoleTrust(described: role) }
        }
        if object["AssumeRolePolicyDocument"] != nil { return [try RoleTrust(described: document)] }
        return [RoleTrust(role: nil, policy: try TrustPolicyReader.policy(document))]
    }

    private init(role: RoleARN?, policy: TrustPolicy) {
        self.role = role
        self.policy = policy
    }

    /// A role as IAM's API describes it.
    private init(described role: JSONValue) throws(TrustPolicyFault) {
        let name = role.object?["RoleName"]?.string.map { "role \($0.quoted): " } ?? ""
        guard let document = role.object?["AssumeRolePolicyDocument"] else {
            throw TrustPolicyFault("\(name)it has no AssumeRolePolicyDocument; give all that aws iam get-role prints")
        }
        self.role = role.object?["Arn"]?.string.flatMap(RoleARN.init(parsing:))
        do throws(TrustPolicyFault) {
            let value = try document.string.map { (text) throws(TrustPolicyFault) in try Self.parsed(Array(text.utf8)) }
            policy = try TrustPolicyReader.policy(value ?? document)
        } catch {
            throw TrustPolicyFault(name + error.description)
        }
    }

    /// JSON, or JSON that is URL-encoded as a whole.
    private static func parsed(_ bytes: [UInt8]) throws(TrustPolicyFault) -> JSONValue {
        let isEncoded = bytes.first { !" \t\r\n".utf8.contains($0) } == UInt8(ascii: "%")
        do throws(JSONError) {
            // Whole accounts are printed as one document.
            return try JSONValue(
                parsing: isEncoded ? bytes.percentDecoded : bytes, limits: JSONLimits(values: 1_000_000))
        } catch {
            throw TrustPolicyFault("\(error); give a trust policy in JSON, or what aws iam get-role prints")
        }
    }
}

extension [UInt8] {
    /// RFC 3986 section 2.1. What is no encoding stays as it is, and the JSON parser refuses it where it matters.
    fileprivate var percentDecoded: [UInt8] {
        var decoded: [UInt8] = []
        var rest = self[...]
        while let byte = rest.popFirst() {
            let digits = rest.prefix(2)
            if byte == UInt8(ascii: "%"), digits.count == 2, let value = UInt8(hexadecimal: digits) {
                decoded.append(value)
                rest = rest.dropFirst(2)
            } else {
                decoded.append(byte)
            }
        }
        return decoded
    }
}

extension UInt8 {
    fileprivate init?(hexadecimal digits: ArraySlice<UInt8>) {
        guard digits.allSatisfy({ $0.isDigit || (UInt8(ascii: "a")...UInt8(ascii: "f")).contains($0 | 0x20) }) else {
            return nil
        }
        self.init(String(decoding: digits, as: UTF8.self), radix: 16)
    }
}
