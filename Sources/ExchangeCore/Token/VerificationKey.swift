import Crypto
import CryptoExtras

/// A public key of an issuer, parsed once, with what it may be used for.
struct VerificationKey: Sendable {
    /// The keys by type and curve.
    enum Material: Sendable {
        case rsa(_RSA.Signing.PublicKey)
        case p256(P256.Signing.PublicKey)
        case p384(P384.Signing.PublicKey)
    }

    let material: Material
    /// The one algorithm that the key set names for this key; nil leaves it to the key's type.
    let algorithm: SigningAlgorithm?

    /// Nil when `algorithm` does not fit the type and curve of `material`.
    init?(_ material: Material, algorithm: SigningAlgorithm?) {
        self.material = material
        self.algorithm = algorithm
        if let algorithm, !material.fits(algorithm) { return nil }
    }

    /// Whether the signature of `token` is this key's under `algorithm`. False also for an algorithm that does not fit the key, and
    /// for a signature of another length than RFC 7518 section 3 says.
    func verifies(_ token: CompactToken, by algorithm: SigningAlgorithm) -> Bool {
        if let own = self.algorithm, own != algorithm { return false }
        let (signature, input) = (token.signature, token.signingInput)
        return switch (material, algorithm) {
        case (.rsa(let key), .rs256): key.verifies(signature, token.signingDigest)
        case (.rsa(let key), .rs384): key.verifies(signature, SHA384.hash(data: input))
        case (.rsa(let key), .rs512): key.verifies(signature, SHA512.hash(data: input))
        case (.p256(let key), .es256): key.verifies(signature, token.signingDigest)
        case (.p384(let key), .es384): key.verifies(signature, SHA384.hash(data: input))
        case (.rsa, .es256), (.rsa, .es384), (.p256, _), (.p384, _): false
        }
    }
}

extension VerificationKey.Material {
    /// RS for RSA, ES256 for P-256, ES384 for P-384.
    func fits(_ algorithm: SigningAlgorithm) -> Bool {
        switch (self, algorithm) {
        case (.rsa, .rs256), (.rsa, .rs384), (.rsa, .rs512), (.p256, .es256), (.p384, .es384): true
        case (.rsa, .es256), (.rsa, .es384), (.p256, _), (.p384, _): false
        }
    }

    /// Whether both are the same public key.
    func hasSameNumbers(as other: VerificationKey.Material) -> Bool {
        switch (self, other) {
        case (.rsa(let left), .rsa(let right)): left.derRepresentation == right.derRepresentation
        case (.p256(let left), .p256(let right)): left.rawRepresentation == right.rawRepresentation
        case (.p384(let left), .p384(let right)): left.rawRepresentation == right.rawRepresentation
        case (.rsa, _), (.p256, _), (.p384, _): false
        }
    }
}

extension _RSA.Signing.PublicKey {
    fileprivate func verifies(_ signature: [UInt8], _ digest: some Digest) -> Bool {
        isValidSignature(.init(rawRepresentation: signature), for: digest, padding: .insecurePKCS1v1_5)
    }
}

extension P256.Signing.PublicKey {
    fileprivate func verifies(_ signature: [UInt8], _ digest: some Digest) -> Bool {
        // Fails for a length other than 64 bytes, DER among them: that is no signature.
        guard let signature = try? P256.Signing.ECDSASignature(rawRepresentation: signature) else { return false }
        return isValidSignature(signature, for: digest)
    }
}

extension P384.Signing.PublicKey {
    fileprivate func verifies(_ signature: [UInt8], _ digest: some Digest) -> Bool {
        // Fails for a length other than 96 bytes: that is no signature.
        guard let signature = try? P384.Signing.ECDSASignature(rawRepresentation: signature) else { return false }
        return isValidSignature(signature, for: digest)
    }
}
