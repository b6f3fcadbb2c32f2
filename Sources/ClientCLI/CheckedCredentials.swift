import ExchangeAPI
import Secrets
import StrictJSON

/// Credentials whose every value has only the characters that AWS uses, so that none can end a line or a quote in a
/// file.
struct CheckedCredentials {
    let accessKeyID: String
    let secretAccessKey: Secret
    let sessionToken: Secret
    let region: String
    /// RFC 3339 in UTC, rendered anew.
    let expiration: Timestamp

    fileprivate init(_ response: CredentialsResponse, expiration: Timestamp) {
        accessKeyID = response.accessKeyID
        secretAccessKey = response.secretAccessKey
        sessionToken = response.sessionToken
        region = response.region
        self.expiration = expiration
    }
}

extension CheckedCredentials {
    /// Checks an answer. The error names the field and not its value.
    init(checking response: CredentialsResponse) throws(ClientFailure) {
        let accessKeyID = Secret(response.accessKeyID)
        guard accessKeyID.consists(of: Self.isKeyID, 16...128) else { throw Self.unfit("access_key_id", response) }
        guard response.secretAccessKey.consists(of: Self.isBase64, 16...256) else {
            throw Self.unfit("secret_access_key", response)
        }
        // AWS names no bound; 16 KiB is four times the longest seen, and a file stays readable for a shell.
        guard response.sessionToken.consists(of: Self.isBase64, 16...16_384) else {
            throw Self.unfit("session_token", response)
        }
        guard OptionsReader.region(response.region) != nil else { throw Self.unfit("region", response) }
        guard let expiration = Timestamp(parsing: response.expiration) else { throw Self.unfit("expiration", response) }
        self.init(response, expiration: expiration)
    }

    private static func unfit(_ field: String, _ response: CredentialsResponse) -> ClientFailure {
        ClientFailure(
            .gatewayAnswerInvalid,
            event: "the gateway's answer has a value in '\(field)' that AWS does not issue, so nothing was written",
            remedy: "Tell those who run the gateway.",
            requestID: Printable.quote(response.requestID, hiding: [response.secretAccessKey, response.sessionToken]))
    }

    private static func isAlphanumeric(_ byte: UInt8) -> Bool {
        (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte)
            || (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte | 0x20)
    }

    /// `[\w]*` of AWS's model.
    private static func isKeyID(_ byte: UInt8) -> Bool { isAlphanumeric(byte) || byte == UInt8(ascii: "_") }

    /// Base64 of both alphabets, and the point that stand-ins for AWS use.
    private static func isBase64(_ byte: UInt8) -> Bool { isAlphanumeric(byte) || "+/=_-.".utf8.contains(byte) }
}

extension Secret {
    fileprivate func consists(of isFit: (UInt8) -> Bool, _ lengths: ClosedRange<Int>) -> Bool {
        lengths.contains(count) && withBytes { bytes in bytes.indices.allSatisfy { isFit(bytes[$0]) } }
    }
}
