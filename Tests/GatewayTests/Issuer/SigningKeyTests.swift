import ExchangeCore
import Secrets
import StrictJSON
import TestSupport
import Testing

@testable import Gateway

/// A private key: what it reads, what it shows, what it hides.
struct SigningKeyTests {
    @Test func `reads RSA keys, and names them by the thumbprint that hashlib computes`() throws {
        let key = try SigningKey(
            pem: Secret(String(decoding: Vectors.bytes("keys", "TEST-ONLY-rsa-a.pem"), as: UTF8.self)))
        #expect(key.algorithm == .rs256)
        #expect(key.publicKey["kty"] == "RSA" && key.publicKey["e"] == "AQAB" && key.publicKey["d"] == nil)
        #expect(key.keyID == Self.thumbprintOfRSA)
        #expect(try SigningKey(pem: key.pem).keyID == key.keyID)
    }

    /// Of TEST-ONLY-rsa-a.pem, computed by joserfc.
    private static let thumbprintOfRSA = "D_nz9Byjn0QUW6PbaxokvqDwcsd08Vmsz0cMzAE15x0"

    @Test(arguments: [SigningAlgorithm.es256, .rs256])
    func `makes keys that it reads again`(algorithm: SigningAlgorithm) throws {
        let key = try SigningKey(for: algorithm)
        let again = try SigningKey(pem: key.pem)
        #expect(key.algorithm == algorithm && again.algorithm == algorithm && again.publicKey == key.publicKey)
    }

    @Test(arguments: [
        ("", SigningKeyFault.notPrivate),
        ("-----BEGIN PUBLIC KEY-----\nCANARY\n-----END PUBLIC KEY-----", .notPrivate),
        ("-----BEGIN ENCRYPTED PRIVATE KEY-----\nCANARY\n-----END ENCRYPTED PRIVATE KEY-----", .encrypted),
        ("-----BEGIN PRIVATE KEY-----\nCANARY\n-----END PRIVATE KEY-----", .unusable),
    ])
    func `refuses what is no key of ours, each in its own words, and quotes none`(text: String, fault: SigningKeyFault)
    {
        let error = #expect(throws: SigningKeyFault.self) { try SigningKey(pem: Secret(text)) }
        #expect(error == fault && error?.description.contains("CANARY") == false)
    }

    @Test(arguments: [("TEST-ONLY-p384.pem", SigningKeyFault.unusable), ("TEST-ONLY-rsa-1024.pem", .unusable)])
    func `refuses keys that AWS or we would not take`(file: String, fault: SigningKeyFault) throws {
        let pem = Secret(String(decoding: try Vectors.bytes("keys", file), as: UTF8.self))
        #expect(throws: fault) { try SigningKey(pem: pem) }
    }

    @Test func `makes no keys for other algorithms`() {
        for algorithm in [SigningAlgorithm.rs384, .rs512, .es384] {
            #expect(throws: SigningKeyFault.algorithm) { try SigningKey(for: algorithm) }
        }
    }

    @Test func `shows nothing of itself but its id`() throws {
        let key = SigningKey()
        var dumped = ""
        dump(KnownKey(key: key, name: KeyFileName(madeAt: .now(), signsAtOnce: false)), to: &dumped)
        #expect("\(key)" == "signing key \(key.keyID)" && String(reflecting: key) == "signing key \(key.keyID)")
        #expect(!dumped.contains("p256") && dumped.contains(key.keyID))
    }
}
