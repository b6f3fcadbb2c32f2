package import StrictJSON

/// The verification keys of one issuer, parsed from a JWK set (RFC 7517 section 5) once, immutable after.
///
/// One odd key does not spoil the others: it is left out and counted. Hundreds of keys are normal for Vela.
package struct KeySet: Sendable {
    /// Issuers name keys by UUIDs and thumbprints; nothing longer is looked up or remembered.
    static let maximumKeyIDSize = 256
    /// 1 MiB: two thousand RSA keys and more.
    package static let maximumSize = 1 << 20

    /// By the bytes of the kid.
    private let keys: [[UInt8]: VerificationKey]
    /// The number of members that are no key we can verify with, or whose kid is ambiguous.
    package let skipped: Int

    /// The number of keys that can be used.
    package var count: Int { keys.count }

    /// Parses `bytes`. Fails for what is no JWK set as a whole; a set without usable keys is a valid one.
    package init(parsing bytes: [UInt8]) throws(KeySetFault) {
        guard bytes.count <= Self.maximumSize else { throw .tooLarge(bytes.count) }
        let document: JSONValue
        do {
            document = try JSONValue(parsing: bytes, limits: JSONLimits(depth: 8, values: 100_000))
        } catch {
            throw .malformed("\(error)")
        }
        guard let members = document.object?["keys"]?.array else { throw .malformed("there is no array keys") }
        var collector = Collector()
        for member in members { collector.add(member) }
        keys = collector.keys.compactMapValues { $0 }
        skipped = members.count - keys.count
    }

    /// The key of this id; nil when there is none or more than one.
    func key(_ keyID: String) -> VerificationKey? { keys[Array(keyID.utf8)] }

    /// The ids of the keys that can be used, sorted.
    package var keyIDs: [String] { keys.keys.map { String(decoding: $0, as: UTF8.self) }.sorted() }

    /// Whether it has the key of `publicKey`, a member of a key set: the same numbers under the same id. What it says of the
    /// algorithm must not contradict.
    package func holds(_ publicKey: JSONObject) -> Bool {
        guard let wanted = JSONWebKey(.object(publicKey)), let found = key(wanted.keyID) else { return false }
        guard found.algorithm == nil || found.algorithm == wanted.key.algorithm else { return false }
        return found.material.hasSameNumbers(as: wanted.key.material)
    }
}

/// Why bytes are no key set.
package enum KeySetFault: Error, Sendable, Equatable, CustomStringConvertible {
    case tooLarge(Int)
    case malformed(String)

    package var description: String {
        switch self {
        case .tooLarge(let size): "a key set of \(size) bytes, \(KeySet.maximumSize) are allowed"
        case .malformed(let cause): "no JWK set: \(cause)"
        }
    }
}

/// Gathers the usable keys. Where two of them share a kid, neither is used, unless the members are the same: which of
/// them signed would be a guess.
private struct Collector {
    /// Nil for a kid that is ambiguous.
    private(set) var keys: [[UInt8]: VerificationKey?] = [:]
    private var members: [[UInt8]: JSONValue] = [:]

    mutating func add(_ member: JSONValue) {
        guard let parsed = JSONWebKey(member) else { return }
        let keyID = Array(parsed.keyID.utf8)
        if let earlier = members[keyID] {
            if earlier != member { keys[keyID] = .some(nil) }
        } else {
            members[keyID] = member
            keys[keyID] = parsed.key
        }
    }
}
