import StrictJSON

/// Reads a trust policy by IAM's grammar. What IAM itself would not store is refused, because nobody knows what it means.
enum TrustPolicyReader {
    /// Without blanks. Four times what AWS takes, so that no document makes lint take long.
    private static let longest = 16_384

    static func policy(_ value: JSONValue) throws(TrustPolicyFault) -> TrustPolicy {
        guard let object = value.object else {
            throw TrustPolicyFault("a trust policy is a JSON object, but here is \(value.kind)")
        }
        try check(object, known: ["Version", "Id", "Statement"], "a trust policy")
        guard value.bytes.count <= longest else {
            throw TrustPolicyFault("the trust policy is longer than \(longest) characters, and AWS takes 4,096 at most")
        }
        guard let statements = object["Statement"]?.oneOrMany, !statements.isEmpty else {
            throw TrustPolicyFault("the trust policy has no Statement")
        }
        // Before this version a policy has no variables: `${` stands for itself.
        let hasVariables = object["Version"]?.string == "2012-10-17"
        return TrustPolicy(
            statements: try statements.enumerated().map { (index, value) throws(TrustPolicyFault) in
                try TrustStatementReader(value, number: index + 1, hasVariables: hasVariables).statement()
            })
    }

    static func check(_ object: JSONObject, known: [String], _ what: String) throws(TrustPolicyFault) {
        for member in object.members where !known.contains(where: { $0.hasSameBytes(as: member.name) }) {
            let meant = known.first { $0.lowercased() == member.name.lowercased() }
            let remedy = meant.map { "case matters, write \($0)" } ?? "known are \(known.joined(separator: ", "))"
            throw TrustPolicyFault("\(what) has the unknown element \(member.name.echoed()); \(remedy)")
        }
    }
}
