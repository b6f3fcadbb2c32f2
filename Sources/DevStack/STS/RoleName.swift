/// The parts of a role's ARN that an answer needs.
struct RoleName: Sendable, Equatable {
    let partition: String
    let account: String
    /// Without the path: assumed-role ARNs do not show it.
    let name: String

    /// Reads `arn:aws:iam::123456123456:role/path/name`.
    init(parsing text: String) throws(STSError) {
        guard (20...2048).contains(text.unicodeScalars.count) else {
            throw .validation("roleArn", text, "Member must have length between 20 and 2048")
        }
        let parts = text.split(separator: ":", maxSplits: 5, omittingEmptySubsequences: false)
        guard parts.count == 6, parts[0] == "arn", parts[1].hasPrefix("aws"), parts[2] == "iam", parts[3].isEmpty,
            parts[4].utf8.count == 12, parts[4].allSatisfy(\.isASCIIDigit), parts[5].hasPrefix("role/"),
            let name = parts[5].split(separator: "/", omittingEmptySubsequences: false).last, !name.isEmpty
        else { throw STSError("ValidationError", "\(text) is invalid") }
        partition = String(parts[1])
        account = String(parts[4])
        self.name = String(name)
    }
}

extension Character {
    /// 0 to 9 and nothing else that Unicode calls a digit.
    var isASCIIDigit: Bool { ("0"..."9").contains(self) }
}
