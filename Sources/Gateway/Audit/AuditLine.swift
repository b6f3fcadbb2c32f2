import Crypto
import ExchangeCore
import StrictJSON

/// What the chain needs of a line: its place, its link, and what it says of torn bytes before it.
struct AuditLine: Sendable {
    let sequence: Int
    /// The SHA-256 of the line before; nil in the first line of a chain.
    let previous: String?
    let outcome: String
    let replica: String
    let durability: String?
    let torn: TornMark?

    /// Nil for what is no line of an audit: no strict JSON object of version 1 with the members that every line has.
    init?(_ line: some Collection<UInt8>) {
        guard let object = try? JSONValue(parsing: Array(line)).object, object["v"]?.integer == 1,
            let sequence = object["sequence"]?.integer, sequence > 0, let outcome = object["outcome"]?.string,
            let replica = object["replica"]?.string
        else { return nil }
        self.sequence = Int(sequence)
        self.outcome = outcome
        self.replica = replica
        previous = object["previous"]?.string
        durability = object["durability"]?.string
        torn = object["torn_bytes"]?.integer.flatMap { bytes in
            object["torn_sha256"]?.string.map { TornMark(bytes: Int(bytes), digest: $0) }
        }
    }

    /// Whether the log wrote the line about itself: such a line may name torn bytes before it.
    var isOpening: Bool { AuditOpening(rawValue: outcome) != nil }
}

/// A line that stands for all before it.
struct AuditHead: Sendable, Hashable, CustomStringConvertible {
    let sequence: Int
    /// SHA-256 of the line without its line feed, 64 lower-case hexadecimal digits.
    let digest: String

    init(sequence: Int, digest: String) {
        self.sequence = sequence
        self.digest = digest
    }

    init(sequence: Int, line: some Collection<UInt8>) {
        self.init(sequence: sequence, digest: SHA256.hash(data: Array(line)).lowercaseHex)
    }

    /// Reads `SEQUENCE:SHA256`, as log and `audit verify` print it.
    init?(parsing text: String) {
        let parts = text.split(separator: ":", omittingEmptySubsequences: false)
        guard parts.count == 2, let sequence = Int(digits: parts[0]), sequence > 0, parts[1].utf8.count == 64,
            parts[1].utf8.allSatisfy({
                UInt8(ascii: "0")...UInt8(ascii: "9") ~= $0 || UInt8(ascii: "a")...UInt8(ascii: "f") ~= $0
            })
        else { return nil }
        self.init(sequence: sequence, digest: String(parts[1]))
    }

    var description: String { "\(sequence):\(digest)" }
}

/// Bytes between two lines that are none, as the line after them names them.
struct TornMark: Sendable, Equatable {
    let bytes: Int
    let digest: String
}

/// Adds up bytes that are no line.
struct TornBytes: Sendable {
    private var hash = SHA256()
    private var count = 0

    /// What stands for them; nil while there are none.
    var mark: TornMark? { count == 0 ? nil : TornMark(bytes: count, digest: hash.finalize().lowercaseHex) }

    mutating func add(_ bytes: some Collection<UInt8>) {
        hash.update(data: Array(bytes))
        count += bytes.count
    }

    /// Adds the line feed that was put behind them. Without them it ends a whole line and is none of them.
    mutating func end(by lineFeed: some Collection<UInt8>) {
        if count > 0 { add(lineFeed) }
    }
}
