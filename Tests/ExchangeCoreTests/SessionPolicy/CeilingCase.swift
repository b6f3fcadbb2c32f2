import Foundation

/// One ceiling and one request, and what they allow.
struct CeilingCase {
    let id: Int
    /// JSON texts of the policies.
    let ceiling: String
    let request: String
    /// The generator made the request from the ceiling by a step that must be proved.
    let isNarrowing: Bool
    let pairs: [Pair]

    struct Pair: Decodable {
        let action: String
        let resource: String
        let request_allows: Bool
        let ceiling_allows: Bool

        /// The request reaches beyond the ceiling.
        var isBreach: Bool { request_allows && !ceiling_allows }
    }

    private struct Line: Decodable {
        let id: Int
        let narrowing: Bool
        let pairs: [Pair]
    }

    /// The policies stay JSON, for our own parser.
    init(line: Data) throws {
        let decoded = try JSONDecoder().decode(Line.self, from: line)
        guard let members = try JSONSerialization.jsonObject(with: line) as? [String: Any],
            let ceiling = members["ceiling"], let request = members["request"]
        else { throw CocoaError(.coderReadCorrupt) }
        id = decoded.id
        isNarrowing = decoded.narrowing
        pairs = decoded.pairs
        self.ceiling = String(decoding: try JSONSerialization.data(withJSONObject: ceiling), as: UTF8.self)
        self.request = String(decoding: try JSONSerialization.data(withJSONObject: request), as: UTF8.self)
    }
}
