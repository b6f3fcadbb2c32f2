import ExchangeCore
import OutboundHTTP
import Secrets
import StrictJSON

/// Whose credentials are, by AWS's own word.
struct CallerIdentity: Sendable, Equatable {
    let arn: String
    let account: String
    let userID: String
}

/// GetCallerIdentity with credentials that were just made. It needs no permission and proves that they live and whose they
/// are; of the session policies it proves nothing.
struct CallerIdentityCall: Sendable {
    let credentials: Credentials
    let region: Region

    static let body = Array("Action=GetCallerIdentity&Version=2011-06-15".utf8)

    /// The signed request to `url`.
    func request(to url: OutboundURL, at moment: Timestamp, deadline: Duration) -> OutboundRequest {
        let signature = SignatureV4(
            accessKeyID: credentials.accessKeyID, secretAccessKey: credentials.secretAccessKey,
            region: region.description, service: "sts", moment: moment)
        let type = "application/x-www-form-urlencoded; charset=utf-8"
        let signed: [(name: String, value: Secret)] = [
            ("content-type", Secret(type)), ("host", Secret(url.authority)), ("x-amz-date", Secret(signature.date)),
            ("x-amz-security-token", credentials.sessionToken),
        ]
        let authorization = signature.authorization(method: "POST", path: "/", headers: signed, body: Self.body)
        return OutboundRequest(
            method: .post, url: url, headers: [("Content-Type", type), ("X-Amz-Date", signature.date)],
            secretHeaders: [("X-Amz-Security-Token", credentials.sessionToken), ("Authorization", authorization)],
            body: Secret(Self.body.span), deadline: deadline, maximumBytes: STSClient.longestAnswer)
    }

    /// Takes `identity` when it is that of the session.
    func check(_ identity: CallerIdentity) throws(STSAnswerError) -> CallerIdentity {
        guard identity.arn == credentials.assumedRoleARN, identity.userID == credentials.assumedRoleID else {
            throw .otherSession
        }
        return identity
    }
}
