import ExchangeCore
import MicroHTTPD
import Secrets
import StrictJSON

extension HTTPResponse {
    /// The credentials in AWS's XML.
    static func assumedRole(_ issued: Issued, requestID: RequestID) -> HTTPResponse {
        .sts(200, requestID: requestID, body: issued.assumeRoleDocument(requestID: requestID))
    }

    /// A refusal in AWS's XML.
    static func stsError(_ error: STSErrorReply, requestID: RequestID) -> HTTPResponse {
        var response = HTTPResponse.sts(error.status, requestID: requestID, body: error.document(requestID: requestID))
        if let wait = error.retryAfter {
            response.headers.append((name: "Retry-After", value: String(wait.wholeSeconds)))
        }
        return response
    }

    private static func sts(_ status: Int, requestID: RequestID, body: Secret) -> HTTPResponse {
        HTTPResponse(
            status: status,
            headers: [
                (name: "Content-Type", value: "text/xml"), (name: "Cache-Control", value: "no-store"),
                (name: "x-amzn-requestid", value: requestID.description),
                (name: "X-Request-Id", value: requestID.description),
            ],
            body: .secret(body))
    }
}

private let namespace = #" xmlns="https://sts.amazonaws.com/doc/2011-06-15/""#

extension Issued {
    fileprivate func assumeRoleDocument(requestID: RequestID) -> Secret {
        var writer = XMLWriter(capacity: 4096)
        writer.element("AssumeRoleWithWebIdentityResponse", attributes: namespace) { writer in
            writer.element("AssumeRoleWithWebIdentityResult") { writeResult(into: &$0) }
            writer.element("ResponseMetadata") { $0.element("RequestId", requestID.description) }
        }
        return writer.finish()
    }

    private func writeResult(into writer: inout XMLWriter) {
        writer.element("Audience", token.audience)
        writer.element("AssumedRoleUser") {
            $0.element("AssumedRoleId", credentials.assumedRoleID)
            $0.element("Arn", credentials.assumedRoleARN)
        }
        writer.element("Provider", token.issuerURL)
        writer.element("Credentials") {
            $0.element("AccessKeyId", credentials.accessKeyID)
            $0.element("SecretAccessKey", credentials.secretAccessKey)
            $0.element("SessionToken", credentials.sessionToken)
            $0.element("Expiration", credentials.expiration.description)
        }
        writer.element("SubjectFromWebIdentityToken", token.subject)
        if let percent = credentials.packedPolicySize { writer.element("PackedPolicySize", String(percent)) }
    }
}

extension STSErrorReply {
    fileprivate func document(requestID: RequestID) -> Secret {
        var writer = XMLWriter(capacity: 1024)
        writer.element("ErrorResponse", attributes: namespace) { writer in
            writer.element("Error") {
                $0.element("Type", fault.rawValue)
                $0.element("Code", code)
                $0.element("Message", "\(message) [vela-aws-gateway: \(reason), request \(requestID)]")
            }
            writer.element("RequestId", requestID.description)
        }
        return writer.finish()
    }
}
