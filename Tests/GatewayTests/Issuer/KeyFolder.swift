import ExchangeCore
import Foundation
import Secrets
import StrictJSON
import TestSupport

@testable import Gateway

/// A folder of private keys, as `issuer new-key` fills it.
struct KeyFolder {
    let folder: TemporaryFolder

    init() throws { folder = try TemporaryFolder() }

    var path: String { folder.path }
    var files: KeyFiles { KeyFiles(path: path) }

    /// Adds a key that was made at `moment`.
    @discardableResult
    func add(_ key: SigningKey = SigningKey(), madeAt moment: Timestamp, atOnce: Bool = false) throws -> KnownKey {
        let name = KeyFileName(madeAt: moment, signsAtOnce: atOnce)
        try NewFile(path: folder.file(name.text), mode: 0o600).write(key.pem)
        return KnownKey(key: key, name: name)
    }

    func remove(_ known: KnownKey) throws { try FileManager.default.removeItem(atPath: folder.file(known.name.text)) }

    func setMode(_ mode: Int, of name: String) throws {
        try FileManager.default.setAttributes([.posixPermissions: mode], ofItemAtPath: folder.file(name))
    }
}

extension SigningKeyRing {
    /// The ids of the keys in a stage, by its word.
    func ids(_ word: String) -> [String] { states.filter { $0.stage.word == word }.map(\.keyID) }

    /// Takes all its own keys, or those of `keys`, for found at the public URL.
    func publish(_ keys: [KnownKey]? = nil) throws {
        let members = keys.map { $0.map(\.key.publicKey) } ?? publicKeys
        let document = JSONValue.object(["keys": .array(members.map(JSONValue.object))])
        note(try KeySet(parsing: document.bytes))
    }
}
