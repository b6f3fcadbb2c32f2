package import StrictJSON

/// One file of Vectors/tokens: a token and what the verifier must say of it.
package struct TokenVector: Sendable, CustomStringConvertible {
    package let name: String
    /// The code of the refusal, or `ok`.
    package let expected: String
    package let now: Timestamp
    package let absentPullForkIsFalse: Bool
    /// Names of files in Vectors/keysets, without the suffix.
    package let velaKeys: String
    package let genericKeys: String
    /// Claims of the verified token; null says that the claim is absent or unknown.
    package let claims: JSONObject
    package let token: [UInt8]

    package var description: String { name }

    /// All of them.
    package static func all() throws -> [TokenVector] {
        try Vectors.names(in: "tokens").map { try TokenVector(file: $0) }
    }

    private init(file: String) throws {
        let bytes = try Vectors.bytes("tokens", file)
        let newline = UInt8(ascii: "\n")
        guard let end = bytes.indices.dropLast().first(where: { bytes[$0] == newline && bytes[$0 + 1] == newline })
        else {
            throw VectorFault(file: file, what: "no empty line")
        }
        var fields: [String: String] = [:]
        for line in String(decoding: bytes[..<end], as: UTF8.self).split(separator: "\n") {
            guard let colon = line.firstRange(of: ": ") else { throw VectorFault(file: file, what: "no colon") }
            fields[String(line[..<colon.lowerBound])] = String(line[colon.upperBound...])
        }
        guard let expected = fields["expect"], let now = fields["now"].flatMap({ Int64($0) }) else {
            throw VectorFault(file: file, what: "no expect, or no now")
        }
        name = file
        self.expected = expected
        self.now = Timestamp(seconds: now)
        absentPullForkIsFalse = fields["absent-pull-fork"] == "false"
        velaKeys = fields["vela-keys"] ?? "vela"
        genericKeys = fields["generic-keys"] ?? "generic"
        claims = try JSONValue(parsing: fields["has"] ?? "{}").object ?? JSONObject()
        token = Array(bytes[(end + 2)...])
    }
}

/// What is wrong with a file of ours.
package struct VectorFault: Error {
    package let file: String
    package let what: String
}
