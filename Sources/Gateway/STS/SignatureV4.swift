import Crypto
import ExchangeCore
import Secrets
import StrictJSON

/// AWS Signature Version 4, in the `Authorization` header, for a request without a query.
///
/// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-create-signed-request.html
struct SignatureV4 {
    let accessKeyID: String
    let secretAccessKey: Secret
    let region: String
    let service: String
    let moment: Timestamp

    /// The value of the header `X-Amz-Date`, which must be among the signed ones: `20260102T030405Z`.
    var date: String { moment.description.filter { $0 != "-" && $0 != ":" } }

    /// The value of `Authorization`.
    ///
    /// - Parameter headers: those to sign, by lower-case names in their order, the values without blanks at their ends.
    func authorization(
        method: String, path: String, headers: [(name: String, value: Secret)], body: [UInt8]
    ) -> Secret {
        let names = headers.map(\.name).joined(separator: ";")
        let request = canonicalRequest(method: method, path: path, headers: headers, signing: names, body: body)
        let scope = "\(date.prefix(8))/\(region)/\(service)/aws4_request"
        let text = "AWS4-HMAC-SHA256\n\(date)\n\(scope)\n\(request.sha256Hex)"
        let signature = HMAC<SHA256>.authenticationCode(for: Array(text.utf8), using: signingKey)
        let credential = "Credential=\(accessKeyID)/\(scope)"
        return Secret("AWS4-HMAC-SHA256 \(credential), SignedHeaders=\(names), Signature=\(signature.hexadecimal)")
    }

    /// Written as bytes into a secret, because the session token is one of the headers.
    private func canonicalRequest(
        method: String, path: String, headers: [(name: String, value: Secret)], signing names: String, body: [UInt8]
    ) -> Secret {
        var request = SecretBuilder(capacity: 4096)
        request.append(Array("\(method)\n\(path)\n\n".utf8).span)
        for (name, value) in headers {
            request.append(Array("\(name):".utf8).span)
            value.withBytes { request.append($0) }
            request.append(UInt8(ascii: "\n"))
        }
        request.append(Array("\n\(names)\n\(SHA256.hash(data: body).hexadecimal)".utf8).span)
        return request.finish()
    }

    /// The secret key, hashed with date, region and service in turn. `SymmetricKey` wipes its bytes.
    private var signingKey: SymmetricKey {
        var prefixed = SecretBuilder(capacity: secretAccessKey.count + 4)
        prefixed.append(Array("AWS4".utf8).span)
        secretAccessKey.withBytes { prefixed.append($0) }
        var key = prefixed.finish().withBytes { bytes in
            // The span is alive for the closure; the key copies it.
            unsafe bytes.withUnsafeBytes { unsafe SymmetricKey(data: $0) }
        }
        for part in [String(date.prefix(8)), region, service, "aws4_request"] {
            key = SymmetricKey(data: HMAC<SHA256>.authenticationCode(for: Array(part.utf8), using: key))
        }
        return key
    }
}

extension Secret {
    fileprivate var sha256Hex: String {
        withBytes { bytes in
            var hash = SHA256()
            // The span is alive for the closure; nothing keeps the pointer.
            unsafe bytes.withUnsafeBytes { unsafe hash.update(bufferPointer: $0) }
            return hash.finalize().hexadecimal
        }
    }
}

extension Sequence<UInt8> {
    /// Two lower-case digits a byte.
    fileprivate var hexadecimal: String {
        let digits = Array("0123456789abcdef".utf8)
        return String(decoding: flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] }, as: UTF8.self)
    }
}
