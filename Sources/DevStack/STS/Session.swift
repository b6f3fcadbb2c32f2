import Crypto
import FoundationEssentials
import StrictJSON
import Threading

/// One set of credentials, unlike any other, and recognisably the answer to its own request.
struct Session: Sendable {
    /// `ASIA`, then 8 characters of base32 that fingerprint role ARN and session name, then 8 that count.
    let accessKeyID: String
    let secretAccessKey: String
    let sessionToken: String
    let expiration: Timestamp
    let identity: SessionIdentity
}

/// Whom the credentials of a session are for.
struct SessionIdentity: Sendable {
    /// `arn:aws:sts::ACCOUNT:assumed-role/ROLE/SESSION`.
    let arn: String
    /// `AROA...:SESSION`.
    let userID: String
    let account: String
}

/// Makes sessions. The secret parts follow from a key of the process, so that nothing need be drawn at random for each.
struct SessionMint: Sendable {
    private let key = SymmetricKey(size: .bits256)
    private let made = Lock<UInt64>(0)

    /// Makes the session number so and so for the request. `account` overrides the role's, for a fault.
    func session(for request: AssumeRoleRequest, account: String? = nil, at moment: Timestamp = .now) -> Session {
        let number = made.withLock { made in
            made += 1
            return made
        }
        let fingerprint = Self.fingerprint("\(request.roleARN)\n\(request.sessionName)")
        let accessKeyID = "ASIA" + Self.base32(fingerprint) + Self.base32(number)
        let bytes = Array(HMAC<SHA256>.authenticationCode(for: Array(accessKeyID.utf8), using: key))
        let expiration = Timestamp(seconds: moment.seconds) + request.duration
        return Session(
            accessKeyID: accessKeyID,
            secretAccessKey: Data(bytes.prefix(30)).base64EncodedString(),
            sessionToken: Self.sessionToken(accessKeyID, bytes),
            expiration: expiration,
            identity: Self.identity(of: request, account: account ?? request.role.account))
    }

    private static func identity(of request: AssumeRoleRequest, account: String) -> SessionIdentity {
        let role = request.role
        let unique = base32(fingerprint(request.roleARN)) + base32(fingerprint(request.role.name)) + "X"
        return SessionIdentity(
            arn: "arn:\(role.partition):sts::\(account):assumed-role/\(role.name)/\(request.sessionName)",
            userID: "AROA\(unique):\(request.sessionName)",
            account: account)
    }

    /// About as long as AWS's, and different for each session.
    private static func sessionToken(_ accessKeyID: String, _ bytes: [UInt8]) -> String {
        var content = Array(accessKeyID.utf8)
        content.reserveCapacity(content.count + 12 * bytes.count)
        for round in UInt8(0)..<12 { for byte in bytes { content.append(byte &+ round) } }
        return "IQoJb3JpZ2luX2Vj" + Data(content).base64EncodedString()
    }

    /// FNV-1a in 64 bits: a load test in another language can work it out in two lines.
    private static func fingerprint(_ text: String) -> UInt64 {
        text.utf8.reduce(0xCBF2_9CE4_8422_2325) { ($0 ^ UInt64($1)) &* 0x100_0000_01B3 }
    }

    /// The lower 40 bits in 8 characters.
    private static func base32(_ value: UInt64) -> String {
        let characters = stride(from: 35, through: 0, by: -5).map { alphabet[Int(value >> UInt64($0) & 31)] }
        return String(decoding: characters, as: UTF8.self)
    }

    private static let alphabet = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZ234567".utf8)
}
