import ArgumentParser
import ExchangeCore
import StrictJSON

/// `org/name`.
struct RepositoryName: ExpressibleByArgument, Sendable {
    let repository: Repository

    init?(argument: String) {
        guard let repository = Repository(parsing: argument) else { return nil }
        self.repository = repository
    }
}

/// A source identity or a session name, 2 to 64 of the characters that AWS takes, and `*`.
struct SessionText: ExpressibleByArgument, Sendable {
    let text: String

    init?(argument: String) {
        let isFit = argument.utf8.allSatisfy { byte in
            "+=,.@-_*".utf8.contains(byte) || (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte)
                || (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte | 0x20)
        }
        // A star alone is --all, which says so.
        guard isFit, (2...64).contains(argument.utf8.count), argument.contains(where: { $0 != "*" }) else { return nil }
        text = argument
    }
}

/// `key=value` of a session tag. A value is taken as it is written, without wildcards.
struct TagArgument: ExpressibleByArgument, Sendable {
    let key: String
    let value: String

    init?(argument: String) {
        guard let equals = argument.firstIndex(of: "=") else { return nil }
        key = String(argument[..<equals])
        value = String(argument[equals...].dropFirst())
        // What a tag may hold has no wildcard and no variable, so that nothing here can mean more than it says.
        let isFit = [key, value].allSatisfy { text in
            text.unicodeScalars.allSatisfy { scalar in
                "_.:/=+-@ ".unicodeScalars.contains(scalar) || scalar.properties.isAlphabetic
                    || scalar.properties.numericType != nil
            }
        }
        guard isFit, (1...128).contains(key.utf16.count), (1...256).contains(value.utf16.count) else { return nil }
    }
}

/// RFC 3339.
struct MomentArgument: ExpressibleByArgument, Sendable {
    let moment: Timestamp

    init?(argument: String) {
        guard let moment = Timestamp(parsing: argument) else { return nil }
        self.moment = moment
    }
}
