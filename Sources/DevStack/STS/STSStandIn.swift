import MicroHTTPD
import StrictJSON

/// AWS STS as far as AssumeRoleWithWebIdentity and GetCallerIdentity go.
package final class STSStandIn: Sendable {
    let faults = FaultPlan()
    let counts = Counters()
    let log = CallLog()
    private let sessions = SessionBook()
    private let mint = SessionMint()
    /// Nil in the cheap mode for load, which takes every token unread and keeps no log of calls.
    private let tokenCheck: WebIdentityCheck?

    /// Checks tokens against the keys of `issuer`, or takes any when that is nil.
    init(checking tokenCheck: WebIdentityCheck?) {
        self.tokenCheck = tokenCheck
    }

    /// Whether calls are kept to be shown.
    var keepsCalls: Bool { tokenCheck != nil }

    /// Answers a request to STS.
    func answer(_ request: HTTPRequest) async -> HTTPResponse {
        let requestID = UUIDText.version4()
        guard request.method == .post, request.path == "/" else {
            return STSError("InvalidAction", status: 404, "Only POST / is served here").response(requestID: requestID)
        }
        let body = request.bodyBytes
        let form = FormParameters(parsing: body)
        let action = form?["Action"] ?? "none"
        note(request, action, form, body)
        let fault = faults.next(at: action)
        if let fault {
            counts.count("faults")
            if let delay = fault.delay { try? await Task.sleep(for: delay) }  // Cancelled: answer at once.
            if let answer = replacement(for: fault, request, requestID) { return answer }
        }
        do throws(STSError) {
            guard let form else { throw STSError("MalformedInput", "The body is not a form") }
            let response = try answer(form, action, request, fault, requestID)
            if case .truncate = fault?.effect { return response.truncated() }
            return response
        } catch {
            counts.count("errors")
            return error.response(requestID: requestID)
        }
    }

    private func answer(
        _ form: FormParameters, _ action: String, _ request: HTTPRequest, _ fault: Fault?, _ requestID: String
    ) throws(STSError) -> HTTPResponse {
        guard form["Version"] == "2011-06-15" else {
            throw STSError(
                "InvalidAction", "Could not find operation \(action) for version \(form["Version"] ?? "NONE")")
        }
        switch action {
        case "AssumeRoleWithWebIdentity": return try assumeRole(form, fault).response(requestID: requestID)
        case "GetCallerIdentity": return try callerIdentity(request).response(requestID: requestID)
        default: throw STSError("InvalidAction", "Could not find operation \(action) for version 2011-06-15")
        }
    }

    private func assumeRole(_ form: FormParameters, _ fault: Fault?) throws(STSError) -> AssumeRoleAnswer {
        let request = try AssumeRoleRequest(form)
        let unread = WebIdentity(issuer: "unread", subject: "unread", audience: "unread")
        let identity = try tokenCheck?.identity(provedBy: request.token) ?? unread
        let session = session(for: request, fault)
        sessions.add(session)
        var answer = AssumeRoleAnswer(
            session: session, identity: identity, packedPolicySize: request.packedPolicySize)
        if case .emptyField(let name) = fault?.effect { answer.emptyField = name }
        return answer
    }

    private func session(for request: AssumeRoleRequest, _ fault: Fault?) -> Session {
        switch fault?.effect {
        case .wrongAccount: mint.session(for: request, account: "999999999999")
        case .expired: mint.session(for: request, at: .now + .seconds(-86_400))
        case .lifetime(let lifetime): mint.session(for: request, at: .now + (lifetime - request.duration))
        default: mint.session(for: request)
        }
    }

    /// Knows whom by the access key alone: the signature is not checked.
    private func callerIdentity(_ request: HTTPRequest) throws(STSError) -> SessionIdentity {
        guard let scope = CredentialScope(parsing: request.authorizationText ?? "") else {
            throw STSError("MissingAuthenticationToken", status: 403, "Request is missing Authentication Token")
        }
        guard scope.service == "sts" else {
            throw STSError(
                "SignatureDoesNotMatch", status: 403, "Credential should be scoped to correct service: 'sts'.")
        }
        guard let entry = sessions.entry(scope.accessKeyID) else {
            throw STSError(
                "InvalidClientTokenId", status: 403, "The security token included in the request is invalid.")
        }
        guard entry.expiration > .now else {
            throw STSError("ExpiredToken", status: 403, "The security token included in the request is expired")
        }
        return entry.identity
    }

    /// The whole answer where the fault makes one; nil where the proper one is needed.
    private func replacement(for fault: Fault, _ request: HTTPRequest, _ requestID: String) -> HTTPResponse? {
        switch fault.effect {
        case .error(let code, let status, let message):
            return STSError(code, status: status, message).response(requestID: requestID)
        case .answer(let response): return response
        case .close:
            Disconnection.cut(request.peer)
            return .text(503, "closed")
        case .untouched, .truncate, .emptyField, .wrongAccount, .expired, .lifetime: return nil
        }
    }
}
