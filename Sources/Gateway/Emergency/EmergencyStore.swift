import RedisClient

/// Where replicas share an emergency document.
protocol EmergencyStore: Sendable {
    /// The document's bytes; nil when the store has none.
    func document() async throws(EmergencyStoreError) -> [UInt8]?

    /// Puts `document` there for everybody.
    func put(_ document: [UInt8]) async throws(EmergencyStoreError)

    /// Puts `document` there unless there is one.
    func putBack(_ document: [UInt8]) async throws(EmergencyStoreError)

    func close()
}

/// Why the store has no answer that counts.
enum EmergencyStoreError: Error, Sendable, Equatable, CustomStringConvertible {
    /// It does not answer, or does not let us in.
    case down(String)
    /// It answers, and what it says can be no document.
    case garbled(String)

    var description: String {
        switch self {
        case .down(let cause), .garbled(let cause): cause
        }
    }
}

/// The store on a server that speaks the Redis protocol: one key without an end.
final class RedisEmergencyStore: EmergencyStore {
    private let client: RedisClient

    init(_ client: RedisClient) { self.client = client }

    static let key = "vela-aws-gateway:emergency-deny"

    func document() async throws(EmergencyStoreError) -> [UInt8]? {
        switch try await reply(to: ["GET", Self.key]) {
        case .text(let text):
            // What is no UTF-8 was repaired on the way; repaired, a rule could bind somebody else.
            if let text, text.unicodeScalars.contains("\u{FFFD}") { throw .garbled("the document is not UTF-8") }
            return text.map { Array($0.utf8) }
        case .status, .integer, .error: throw .garbled("the store's answer is no document")
        }
    }

    func put(_ document: [UInt8]) async throws(EmergencyStoreError) { try await set(document, []) }

    func putBack(_ document: [UInt8]) async throws(EmergencyStoreError) { try await set(document, ["NX"]) }

    func close() { client.close() }

    private func set(_ document: [UInt8], _ more: [String]) async throws(EmergencyStoreError) {
        _ = try await reply(to: ["SET", Self.key, String(decoding: document, as: UTF8.self)] + more)
    }

    private func reply(to words: [String]) async throws(EmergencyStoreError) -> RedisReply {
        let reply: RedisReply
        do throws(RedisError) {
            reply = try await client.reply(to: RedisCommand(words))
        } catch {
            // Such as a reply longer than any document of ours.
            if case .protocolError = error { throw .garbled(error.description) }
            throw .down(error.description)
        }
        guard case .error(let text) = reply else { return reply }
        // Something else than a text stands under our key.
        if text.hasPrefix("WRONGTYPE") { throw .garbled("the store says: \(text.printable)") }
        throw .down("the store says: \(text.printable)")
    }
}
