/// The name of an AWS region, such as `us-east-1`: words of lower-case letters, then a number.
package struct Region: Sendable, Hashable, CustomStringConvertible {
    package let description: String
    /// The partition that the name's first words tell; AWS keeps them apart.
    package let partition: Partition

    /// Nil for anything that is not shaped like a region; the name becomes part of a host name.
    package init?(parsing text: String) {
        guard (6...32).contains(text.utf8.count) else { return nil }
        let words = text.split(separator: "-", omittingEmptySubsequences: false)
        guard words.count >= 3, let number = words.last, !number.isEmpty, number.utf8.allSatisfy(\.isDigit) else {
            return nil
        }
        guard words.dropLast().allSatisfy({ !$0.isEmpty && $0.utf8.allSatisfy(\.isLowercaseLetter) }) else {
            return nil
        }
        self.init(known: text)
    }

    private init(known name: String) {
        description = name
        partition = Self.partition(of: name)
    }

    private static func partition(of name: String) -> Partition {
        switch name {
        case let name where name.hasPrefix("cn-"): .china
        case let name where name.hasPrefix("us-gov-"): .usGov
        case let name where name.hasPrefix("us-iso-"): .iso
        case let name where name.hasPrefix("us-isob-"): .isoB
        case let name where name.hasPrefix("eu-isoe-"): .isoE
        case let name where name.hasPrefix("us-isof-"): .isoF
        case let name where name.hasPrefix("eusc-"): .europeanSovereign
        default: .aws
        }
    }

    /// The region used when neither the caller nor the rule names one.
    package static func standard(in partition: Partition) -> Region {
        switch partition {
        case .aws: Region(known: "us-east-1")
        case .china: Region(known: "cn-north-1")
        case .usGov: Region(known: "us-gov-west-1")
        case .iso: Region(known: "us-iso-east-1")
        case .isoB: Region(known: "us-isob-east-1")
        case .isoE: Region(known: "eu-isoe-west-1")
        case .isoF: Region(known: "us-isof-south-1")
        case .europeanSovereign: Region(known: "eusc-de-east-1")
        }
    }
}
