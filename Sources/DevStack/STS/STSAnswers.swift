import MicroHTTPD
import StrictJSON

/// What stands in the answer to AssumeRoleWithWebIdentity.
struct AssumeRoleAnswer: Sendable {
    let session: Session
    let identity: WebIdentity
    /// A percentage; nil where no session policy was sent, as with AWS.
    let packedPolicySize: Int?
    /// The element that a fault leaves empty; nil for none.
    var emptyField: String?

    /// The document.
    func response(requestID: String) -> HTTPResponse {
        let document = XMLDocument(root: "AssumeRoleWithWebIdentityResponse") { xml in
            xml.element("AssumeRoleWithWebIdentityResult") { xml in
                field("Audience", identity.audience, &xml)
                xml.element("AssumedRoleUser") { xml in
                    field("AssumedRoleId", session.identity.userID, &xml)
                    field("Arn", session.identity.arn, &xml)
                }
                field("Provider", identity.issuer, &xml)
                xml.element("Credentials") { credentials(&$0) }
                if let packedPolicySize { field("PackedPolicySize", String(packedPolicySize), &xml) }
                field("SubjectFromWebIdentityToken", identity.subject, &xml)
            }
            xml.element("ResponseMetadata") { $0.element("RequestId", requestID) }
        }
        return .xml(document, requestID: requestID)
    }

    private func credentials(_ xml: inout XMLDocument) {
        field("AccessKeyId", session.accessKeyID, &xml)
        field("SecretAccessKey", session.secretAccessKey, &xml)
        field("SessionToken", session.sessionToken, &xml)
        field("Expiration", session.expiration.description, &xml)
    }

    private func field(_ name: String, _ text: String, _ xml: inout XMLDocument) {
        xml.element(name, name == emptyField ? "" : text)
    }
}

extension SessionIdentity {
    /// The document that answers GetCallerIdentity.
    func response(requestID: String) -> HTTPResponse {
        let document = XMLDocument(root: "GetCallerIdentityResponse") { xml in
            xml.element("GetCallerIdentityResult") { xml in
                xml.element("Arn", arn)
                xml.element("UserId", userID)
                xml.element("Account", account)
            }
            xml.element("ResponseMetadata") { $0.element("RequestId", requestID) }
        }
        return .xml(document, requestID: requestID)
    }
}

extension STSError {
    /// The document that says it.
    func response(requestID: String) -> HTTPResponse {
        let document = XMLDocument(root: "ErrorResponse") { xml in
            xml.element("Error") { xml in
                xml.element("Type", type)
                xml.element("Code", code)
                xml.element("Message", message)
            }
            xml.element("RequestId", requestID)
        }
        return .xml(document, status: status, requestID: requestID)
    }
}

extension HTTPResponse {
    fileprivate static func xml(_ document: XMLDocument, status: Int = 200, requestID: String) -> HTTPResponse {
        HTTPResponse(
            status: status, headers: [("Content-Type", "text/xml"), ("x-amzn-RequestId", requestID)],
            body: .bytes(document.bytes))
    }
}
