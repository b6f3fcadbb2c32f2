import Crypto

/// The fingerprint of a policy: SHA-256 over the name and bytes of each file, by name, then of each key file.
///
/// Each part stands after its length, so that bytes cannot move from one file to another unseen.
enum PolicyDigest {
    static func hex(of sources: [PolicySource], keyFiles: [String: [UInt8]]) -> String {
        var hash = SHA256()
        for source in sources.sorted(by: { $0.file < $1.file }) {
            hash.update(lengthPrefixed: source.file.utf8)
            hash.update(lengthPrefixed: source.bytes)
        }
        for (name, bytes) in keyFiles.sorted(by: { $0.key < $1.key }) {
            hash.update(lengthPrefixed: name.utf8)
            hash.update(lengthPrefixed: bytes)
        }
        let digits = Array("0123456789abcdef")
        return String(hash.finalize().flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] })
    }
}
