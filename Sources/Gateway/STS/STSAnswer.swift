import Secrets
import StrictJSON

/// What STS said: credentials, all fields present and of their kinds, or its own error.
enum STSAnswer: Sendable {
    case assumed(AssumedSession)
    case identified(CallerIdentity)
    case refused(STSError)

    /// Reads the body of an answer.
    init(parsing body: Secret) throws(STSAnswerError) {
        let document = try STSDocument(parsing: body)
        switch document.root {
        case "AssumeRoleWithWebIdentityResponse": self = .assumed(try AssumedSession(document))
        case "GetCallerIdentityResponse": self = .identified(try CallerIdentity(document))
        case "ErrorResponse", "Error": self = .refused(try STSError(document))
        default: throw .unknownRoot
        }
    }
}

/// A session as STS made it, not yet compared with what was asked.
struct AssumedSession: Sendable {
    let accessKeyID: String
    let secretAccessKey: Secret
    let sessionToken: Secret
    let expiration: Timestamp
    let assumedRoleARN: String
    let assumedRoleID: String
    /// In percent; nil when the answer does not say.
    let packedPolicySize: Int?
    let requestID: String?

    fileprivate init(_ document: STSDocument) throws(STSAnswerError) {
        accessKeyID = try document.text(.accessKeyID, length: 16...128)
        secretAccessKey = try document.secret(.secretAccessKey)
        sessionToken = try document.secret(.sessionToken)
        guard let expiration = Timestamp(parsing: try document.text(.expiration, length: 20...40)) else {
            throw .invalid(STSDocument.Field.expiration.rawValue)
        }
        self.expiration = expiration
        assumedRoleARN = try document.text(.assumedRoleARN, length: 20...2048)
        assumedRoleID = try document.text(.assumedRoleID, length: 2...193)
        packedPolicySize = try document.percentage(.packedPolicySize)
        requestID = document.boundedRequestID
    }
}

extension CallerIdentity {
    fileprivate init(_ document: STSDocument) throws(STSAnswerError) {
        self.init(
            arn: try document.text(.callerARN, length: 20...2048),
            account: try document.text(.callerAccount, length: 12...12),
            userID: try document.text(.callerID, length: 2...193))
    }
}

/// STS's own no. Nothing in it is shown before `STSMessage` has cleaned it.
struct STSError: Sendable {
    /// `[A-Za-z0-9._-]{1,64}`.
    let code: String
    let message: Secret
    let requestID: String?

    fileprivate init(_ document: STSDocument) throws(STSAnswerError) {
        code = try document.text(.errorCode, length: 1...64)
        guard code.utf8.allSatisfy({ $0.isCodeByte }) else { throw .invalid(STSDocument.Field.errorCode.rawValue) }
        // The message may be empty: the code says it.
        message = document[.errorMessage] ?? Secret("")
        requestID = document.boundedRequestID
    }
}

extension STSDocument {
    /// A field that must be there, of printable ASCII without blanks.
    fileprivate func secret(_ field: Field) throws(STSAnswerError) -> Secret {
        guard let value = self[field] else { throw .missing(field.rawValue) }
        guard !value.isEmpty else { throw .empty(field.rawValue) }
        guard value.isPrintable else { throw .invalid(field.rawValue) }
        return value
    }

    /// The same for what is no secret.
    fileprivate func text(_ field: Field, length: ClosedRange<Int>) throws(STSAnswerError) -> String {
        let value = try secret(field)
        guard length.contains(value.count) else { throw .invalid(field.rawValue) }
        return value.exposedText
    }

    fileprivate func percentage(_ field: Field) throws(STSAnswerError) -> Int? {
        guard let value = self[field] else { return nil }
        let text = (1...4).contains(value.count) ? value.exposedText : ""
        guard text.utf8.allSatisfy({ (0x30...0x39).contains($0) }), let number = Int(text) else {
            throw .invalid(field.rawValue)
        }
        return number
    }

    /// Only for logs, so a strange one is left out and is no failure.
    fileprivate var boundedRequestID: String? {
        guard let value = self[.requestID], (1...128).contains(value.count), value.isPrintable else { return nil }
        return value.exposedText
    }
}

extension Secret {
    fileprivate var isPrintable: Bool {
        withBytes { bytes in
            var found: UInt8 = 0
            // All of them and without a branch, so that the compiler makes it sixteen bytes at a time.
            for index in bytes.indices { found |= (bytes[index] < 0x21 ? 1 : 0) | (bytes[index] > 0x7E ? 1 : 0) }
            return found == 0
        }
    }

    /// For values that are no secrets, though they came in one.
    fileprivate var exposedText: String {
        withBytes { bytes in String(decoding: [UInt8](bytes), as: UTF8.self) }
    }
}

extension UInt8 {
    fileprivate var isCodeByte: Bool {
        (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(self | 0x20)
            || (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(self) || self == UInt8(ascii: ".")
            || self == UInt8(ascii: "_") || self == UInt8(ascii: "-")
    }
}
