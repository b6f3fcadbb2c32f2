/// The header lines of the final answer, gathered as they come.
struct ResponseHead {
    /// Names in lower case, values trimmed, in order.
    private(set) var fields: [(name: String, value: String)] = []
    /// Whether the empty line came. libcurl takes an answer that ends before it for a whole one.
    private(set) var isComplete = false
    private var byteCount = 0

    /// For all header lines together: many times what AWS and issuers send. libcurl bounds a line only.
    static let maximumBytes = 65_536

    /// Takes one line. False where it is one too many.
    mutating func take(line bytes: Span<UInt8>) -> Bool {
        byteCount += bytes.count
        guard byteCount <= Self.maximumBytes else { return false }
        let line = String(decoding: (0..<bytes.count).map { bytes[$0] }, as: UTF8.self)
        // Each status line begins a new answer: what stood before was a 100 Continue or the like.
        if line.hasPrefix("HTTP/") {
            fields = []
            isComplete = false
        } else if line == "\r\n" || line == "\n" {
            isComplete = true
        } else if let colon = line.utf8.firstIndex(of: UInt8(ascii: ":")) {
            let name = line[..<colon].lowercased()
            fields.append((name, Self.trimmed(line[line.utf8.index(after: colon)...])))
        }
        return true
    }

    private static func trimmed(_ text: Substring) -> String {
        var bytes = text.utf8[...]
        while let first = bytes.first, isBlank(first) { bytes.removeFirst() }
        while let last = bytes.last, isBlank(last) { bytes.removeLast() }
        return String(Substring(bytes))
    }

    private static func isBlank(_ byte: UInt8) -> Bool {
        byte == 0x20 || byte == 0x09 || byte == 0x0D || byte == 0x0A
    }
}
