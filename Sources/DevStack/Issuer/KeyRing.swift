package import StrictJSON
import Threading

/// The issuer's keys, oldest first. The youngest signs; all are published.
package struct KeyRing: Sendable {
    private let keys: Lock<[SigningKey]>

    /// A ring with one key.
    package init(_ key: SigningKey) {
        keys = Lock([key])
    }

    /// The key that signs now.
    package var signing: SigningKey {
        get throws(DevStackError) {
            guard let key = keys.withLock({ $0.last }) else { throw .cryptography("the key ring is empty") }
            return key
        }
    }

    /// The key called `kid`; nil when it was never made or is gone.
    package func key(_ kid: String) -> SigningKey? {
        keys.withLock { $0.first { $0.kid == kid } }
    }

    /// What a restart of the Vela server does: a new key signs, the older ones stay published.
    package func addKey() throws(DevStackError) {
        let key = try SigningKey()
        keys.withLock { $0.append(key) }
    }

    /// What an administrator's rotation does: a new key signs and is the only one published.
    package func replaceKeys() throws(DevStackError) {
        let key = try SigningKey()
        keys.withLock { $0 = [key] }
    }

    /// The ids, oldest first.
    package var ids: [String] { keys.withLock { $0.map(\.kid) } }

    /// The JWK set.
    package func document() throws(DevStackError) -> JSONValue {
        var published: [JSONValue] = []
        for key in keys.withLock({ $0 }) { published.append(try key.jwk()) }
        return .object(JSONObject([.init("keys", .array(published))]))
    }
}
