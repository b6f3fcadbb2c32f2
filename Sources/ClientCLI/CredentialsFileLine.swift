import Secrets

/// A line of a credentials file.
struct CredentialsFileLine: Equatable {
    enum Kind: Equatable {
        /// `[name]`.
        case header(String)
        /// Nothing, or a comment.
        case filler
        /// A key, or what continues one.
        case other
    }

    let kind: Kind
    /// Where it stands, its newline included.
    let bytes: Range<Int>
    let endsInNewline: Bool

    /// The lines of a whole file.
    static func lines(of content: Secret) throws(CredentialsFileFault) -> [CredentialsFileLine] {
        try content.withBytes { bytes throws(CredentialsFileFault) in
            if bytes.count >= 3, bytes[0] == 0xEF, bytes[1] == 0xBB, bytes[2] == 0xBF {
                throw CredentialsFileFault(line: 1, "begins with a byte order mark")
            }
            var lines: [CredentialsFileLine] = []
            var start = 0
            while start < bytes.count {
                let newline = (start..<bytes.count).first { bytes[$0] == 0x0A }
                let end = newline ?? bytes.count
                let kind = try kind(of: bytes.extracting(start..<end), number: lines.count + 1)
                let next = newline.map { $0 + 1 } ?? end
                lines.append(CredentialsFileLine(kind: kind, bytes: start..<next, endsInNewline: newline != nil))
                start = next
            }
            return lines
        }
    }

    private static func kind(of line: Span<UInt8>, number: Int) throws(CredentialsFileFault) -> Kind {
        var length = line.count
        if length > 0, line[length - 1] == 0x0D { length -= 1 }
        for index in 0..<length where line[index] == 0x0D || line[index] == 0 {
            throw CredentialsFileFault(line: number, "holds a carriage return or a zero byte")
        }
        guard let first = (0..<length).first(where: { !isSpace(line[$0]) }) else { return .filler }
        switch line[first] {
        case UInt8(ascii: "#"), UInt8(ascii: ";"): return .filler
        case UInt8(ascii: "["):
            guard first == 0 else { throw CredentialsFileFault(line: number, "begins a section behind a space") }
            return .header(try name(in: line.extracting(1..<length), number: number))
        default: return .other
        }
    }

    /// The name between the brackets, the first of which is gone, without the space around it, as some SDKs take it.
    private static func name(in line: Span<UInt8>, number: Int) throws(CredentialsFileFault) -> String {
        let fault = CredentialsFileFault(line: number, "is no section name in brackets, alone on its line")
        let brackets = line.indices.filter { line[$0] == UInt8(ascii: "]") }
        guard brackets.count == 1, let end = brackets.first else { throw fault }
        let rest = (end + 1..<line.count).first { !isSpace(line[$0]) }.map { line[$0] }
        guard rest == nil || rest == UInt8(ascii: "#") || rest == UInt8(ascii: ";") else { throw fault }
        guard let first = (0..<end).first(where: { !isSpace(line[$0]) }),
            let last = (0..<end).last(where: { !isSpace(line[$0]) })
        else { throw fault }
        return String(decoding: (first...last).map { line[$0] }, as: UTF8.self)
    }

    private static func isSpace(_ byte: UInt8) -> Bool { byte == 0x20 || byte == 0x09 || byte == 0x0B || byte == 0x0C }
}

/// Why a credentials file cannot be added to.
struct CredentialsFileFault: Error, Equatable, CustomStringConvertible {
    let description: String

    init(line: Int, _ fault: String) { description = "line \(line) \(fault), which AWS's tools read in different ways" }
}
