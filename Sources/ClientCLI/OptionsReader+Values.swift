import StrictJSON

/// How single values are read. Each gives nil for what is not fit.
extension OptionsReader {
    /// `60`, `90s`, `2m`: one second to one hour.
    static func duration(_ text: String) -> Duration? {
        let unit: Int64 = text.hasSuffix("m") ? 60 : 1
        let digits = text.hasSuffix("m") || text.hasSuffix("s") ? text.dropLast() : text[...]
        guard (1...5).contains(digits.utf8.count), digits.utf8.allSatisfy(isDigit), let count = Int64(digits) else {
            return nil
        }
        return (1...3600).contains(count * unit) ? .seconds(count * unit) : nil
    }

    /// Only the shape: the gateway reads it closely.
    static func role(_ text: String) -> String? {
        let parts = text.split(separator: ":", omittingEmptySubsequences: false)
        let isRole = parts.count == 6 && parts[0] == "arn" && parts[2] == "iam" && parts[5].hasPrefix("role/")
        return isRole && isVisible(text) && text.utf8.count <= 2048 ? text : nil
    }

    /// AWS's bounds.
    static func roleDuration(_ text: String) -> Int? {
        Int(text).flatMap { (900...43_200).contains($0) ? $0 : nil }
    }

    static func region(_ text: String) -> String? {
        let isFit =
            (1...64).contains(text.utf8.count)
            && text.utf8.allSatisfy { isLower($0) || isDigit($0) || $0 == UInt8(ascii: "-") }
        return isFit ? text : nil
    }

    /// AWS's rule for RoleSessionName.
    static func sessionName(_ text: String) -> String? {
        let isFit =
            (2...64).contains(text.utf8.count)
            && text.utf8.allSatisfy { isLower($0 | 0x20) || isDigit($0) || "_+=,.@-".utf8.contains($0) }
        return isFit ? text : nil
    }

    /// What can be a section of a credentials file without meaning more than its letters.
    static func profile(_ text: String) -> String? {
        let isFit =
            (1...64).contains(text.utf8.count) && text != "DEFAULT"
            && text.utf8.allSatisfy { isLower($0 | 0x20) || isDigit($0) || "_.@+-".utf8.contains($0) }
        return isFit ? text : nil
    }

    static func isVisible(_ text: String) -> Bool {
        !text.isEmpty && text.utf8.allSatisfy { (0x21...0x7E).contains($0) }
    }

    private static func isLower(_ byte: UInt8) -> Bool { (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte) }
    private static func isDigit(_ byte: UInt8) -> Bool { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) }
}

/// Policies as a step's parameters spell them.
enum PolicyList {
    /// `a,b` or `["a","b"]`: up to ten ARNs (AWS's limit), each trimmed. Empty pieces are passed over.
    static func parse(_ text: String) -> [String]? {
        let pieces = text.hasPrefix("[") ? array(text) : text.split(separator: ",").map { trimmed($0) }
        guard let arns = pieces?.filter({ !$0.isEmpty }), arns.count <= 10 else { return nil }
        return arns.allSatisfy { $0.hasPrefix("arn:") && OptionsReader.isVisible($0) } ? arns : nil
    }

    /// Whether `text` is a JSON object; what a policy may say is the gateway's to judge.
    static func isObject(_ text: String) -> Bool {
        let value: JSONValue? = try? JSONValue(parsing: text)  // Where the fault is matters less than the remedy.
        return value?.object != nil
    }

    private static func array(_ text: String) -> [String]? {
        let value: JSONValue? = try? JSONValue(parsing: text)  // Where the fault is matters less than the remedy.
        guard let elements = value?.array else { return nil }
        let strings = elements.compactMap(\.string)
        return strings.count == elements.count ? strings.map { trimmed($0[...]) } : nil
    }

    static func trimmed(_ piece: Substring) -> String {
        let start = piece.drop { $0.isWhitespace }
        let end = start.lastIndex { !$0.isWhitespace }.map { start.index(after: $0) } ?? start.startIndex
        return String(start[..<end])
    }
}
