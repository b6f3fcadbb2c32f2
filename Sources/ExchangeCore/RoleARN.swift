/// The ARN of an IAM role, `arn:PARTITION:iam::ACCOUNT:role/PATH/NAME`, 20 to 2,048 characters.
package struct RoleARN: Sendable, Hashable, CustomStringConvertible {
    package let description: String
    /// `aws`, `aws-cn`, `aws-us-gov` and the like.
    package let partition: Partition
    /// The twelve digits of the account.
    package let account: String
    /// The role's name without its path: what the ARN of the session shows.
    package let name: String

    /// Nil for anything that is not the ARN of a role.
    package init?(parsing text: String) {
        guard (20...2048).contains(text.utf8.count) else { return nil }
        // By bytes: cheaper than by characters, and a combining mark hides no separator.
        let parts = text.utf8.split(separator: UInt8(ascii: ":"), maxSplits: 5, omittingEmptySubsequences: false)
            .map { String(Substring($0)) }
        guard parts.count == 6, parts[0] == "arn", let partition = Partition(rawValue: parts[1]), parts[2] == "iam",
            parts[3].isEmpty, parts[4].utf8.count == 12, parts[4].utf8.allSatisfy(\.isDigit)
        else { return nil }
        let path = parts[5].utf8.split(separator: UInt8(ascii: "/"), omittingEmptySubsequences: false)
        guard path.count >= 2, path[0].elementsEqual("role".utf8), let name = path.last else { return nil }
        guard path.dropFirst().allSatisfy({ !$0.isEmpty && $0.allSatisfy(\.isRoleCharacter) }) else { return nil }
        guard name.count <= 64 else { return nil }
        description = text
        self.partition = partition
        account = parts[4]
        self.name = String(Substring(name))
    }
}

/// An AWS partition: a set of regions with one identity system.
package enum Partition: String, Sendable, Hashable, CaseIterable {
    case aws
    case china = "aws-cn"
    case usGov = "aws-us-gov"
    case iso = "aws-iso"
    case isoB = "aws-iso-b"
    case isoE = "aws-iso-e"
    case isoF = "aws-iso-f"
    case europeanSovereign = "aws-eusc"
}

extension UInt8 {
    var isDigit: Bool { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(self) }
    var isLowercaseLetter: Bool { (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(self) }
    var isLetter: Bool { (self | 0x20).isLowercaseLetter }

    /// `[A-Za-z0-9+=,.@_-]`, IAM's characters of a role's name and of a session's.
    var isRoleCharacter: Bool {
        switch self {
        case UInt8(ascii: "+"), UInt8(ascii: "="), UInt8(ascii: ","), UInt8(ascii: "."), UInt8(ascii: "@"),
            UInt8(ascii: "_"), UInt8(ascii: "-"):
            true
        default: isDigit || isLetter
        }
    }
}
