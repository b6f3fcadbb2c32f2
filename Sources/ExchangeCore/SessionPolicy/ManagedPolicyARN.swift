/// The ARN of a managed policy, `arn:PARTITION:iam::ACCOUNT:policy/PATH/NAME`, 20 to 2,048 characters. AWS's own have `aws`
/// for an account.
package struct ManagedPolicyARN: Sendable, Hashable, CustomStringConvertible {
    package let description: String
    package let partition: Partition
    /// The twelve digits of the account; nil for AWS's own.
    package let account: String?

    /// Nil for anything that is not the ARN of a managed policy.
    package init?(parsing text: String) {
        guard (20...2048).contains(text.utf8.count) else { return nil }
        let parts = text.split(separator: ":", maxSplits: 5, omittingEmptySubsequences: false).map(String.init)
        guard parts.count == 6, parts[0] == "arn", let partition = Partition(rawValue: parts[1]), parts[2] == "iam",
            parts[3].isEmpty, Self.isAccount(parts[4]), Self.isPolicy(parts[5])
        else { return nil }
        description = text
        self.partition = partition
        account = parts[4] == "aws" ? nil : parts[4]
    }

    /// Whether a session of `role` may have it: STS takes policies of the role's account and AWS's own.
    package func isUsable(with role: RoleARN) -> Bool {
        partition == role.partition && (account == nil || account == role.account)
    }

    private static func isAccount(_ text: String) -> Bool {
        text == "aws" || text.utf8.count == 12 && text.utf8.allSatisfy(\.isDigit)
    }

    /// `policy/`, a path that may be missing, and a name of at most 128 characters.
    private static func isPolicy(_ text: String) -> Bool {
        let path = text.split(separator: "/", omittingEmptySubsequences: false)
        guard path.count >= 2, path[0] == "policy", let name = path.last, name.utf8.count <= 128 else { return false }
        return path.dropFirst().allSatisfy { !$0.isEmpty && $0.utf8.allSatisfy(\.isRoleCharacter) }
    }
}
