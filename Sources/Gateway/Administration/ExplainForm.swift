import ExchangeAPI
import ExchangeCore
import Secrets
import StrictJSON

/// What somebody typed into the form, as text: it is shown again beside the answer, so that one thing can be changed and tried.
struct ExplainForm: Sendable {
    /// Empty stands for the policy's first.
    var issuer = ""
    var claims = ""
    var role = ""
    /// Empty stands for our own client's.
    var front = ""
    var region = ""
    var duration = ""
    var sessionName = ""
    var sessionPolicy = ""
    var inlineSessionPolicy = ""
    /// One ARN a line.
    var managedSessionPolicies = ""

    /// The names of the fields, in the order of the page.
    enum Field: String, CaseIterable, Sendable {
        case claims, issuer, role, front, region
        case duration = "duration_seconds"
        case sessionName = "session_name"
        case sessionPolicy = "session_policy"
        case inlineSessionPolicy = "inline_session_policy"
        case managedSessionPolicies = "managed_session_policies"

        var path: WritableKeyPath<ExplainForm, String> {
            switch self {
            case .claims: \.claims
            case .issuer: \.issuer
            case .role: \.role
            case .front: \.front
            case .region: \.region
            case .duration: \.duration
            case .sessionName: \.sessionName
            case .sessionPolicy: \.sessionPolicy
            case .inlineSessionPolicy: \.inlineSessionPolicy
            case .managedSessionPolicies: \.managedSessionPolicies
            }
        }
    }

    init() {}

    /// Reads what a browser sends. Throws for a field that is not ours, and for anything that looks like a token.
    init(parsing body: Span<UInt8>) throws(Refusal) {
        let fields = try FormFields(parsing: body)
        for name in fields.names where Field(rawValue: name) == nil {
            throw .invalidRequest("the form has no field \(name.shownAsParameter)")
        }
        for field in Field.allCases {
            guard let value = fields[field.rawValue] else { continue }
            // Before it becomes text of ours, which nobody wipes.
            guard !PastedToken.isIn(value) else { throw .pastedToken }
            guard let text = value.validText else { throw .invalidRequest("\(field.rawValue) is not UTF-8") }
            self[keyPath: field.path] = text
        }
    }

    /// The question that it asks, read as the service reads a request.
    func question() throws(Refusal) -> ExplainQuestion {
        var wire = CredentialsRequest(role: role.trimmed)
        wire.region = region.trimmed.nonEmpty
        wire.sessionName = sessionName.trimmed.nonEmpty
        wire.sessionPolicy = sessionPolicy.trimmed.nonEmpty
        wire.inlineSessionPolicy = inlineSessionPolicy.nonEmpty.map { .text($0) }
        wire.managedSessionPolicies = managedSessionPolicies.split(whereSeparator: \.isWhitespace).map(String.init)
        if let text = duration.trimmed.nonEmpty {
            guard let seconds = Int(digits: text) else {
                throw .invalidRequest("'duration_seconds' must be a number of seconds, such as 3600")
            }
            wire.durationSeconds = seconds
        }
        if wire.sessionPolicy != nil, wire.inlineSessionPolicy != nil {
            throw .invalidRequest("a session policy by name and one in full exclude each other: give one of them")
        }
        var request = try ExchangeRequest(wire)
        request.front = try Front(explaining: front.nonEmpty)
        return ExplainQuestion(issuer: issuer.nonEmpty, claims: try Self.claims(claims), request: request)
    }

    private static func claims(_ text: String) throws(Refusal) -> JSONObject {
        let value: JSONValue
        do throws(JSONError) { value = try JSONValue(parsing: Array(text.utf8)) } catch {
            throw .invalidRequest("the claims are not valid JSON: \(error)")
        }
        guard let members = value.object else {
            throw .invalidRequest("the claims must be a JSON object, the decoded payload of a token")
        }
        return members
    }
}

/// Claims and a request that somebody wants to see judged.
struct ExplainQuestion: Sendable {
    /// Nil stands for the policy's first.
    let issuer: String?
    let claims: JSONObject
    let request: ExchangeRequest

    init(issuer: String?, claims: JSONObject, request: ExchangeRequest) {
        (self.issuer, self.claims, self.request) = (issuer, claims, request)
    }

    /// Reads `{"issuer": "vela", "claims": {...}, "front": "sts", "request": {"role": ...}}`; the request has the members of `POST /v1/credentials`.
    init(json body: Secret) throws(Refusal) {
        guard !PastedToken.isIn(body) else { throw .pastedToken }
        let value: JSONValue
        do throws(JSONError) { value = try JSONValue(parsing: body.withBytes { [UInt8]($0) }) } catch {
            throw .invalidRequest("the body is not valid JSON: \(error)")
        }
        let known = ["issuer", "claims", "front", "request"]
        guard let members = value.object, members.members.allSatisfy({ known.contains($0.name) }),
            let claims = members["claims"]?.object, let request = members["request"]?.object
        else { throw .invalidRequest("write {\"issuer\": NAME, \"claims\": {...}, \"request\": {\"role\": ARN, ...}}") }
        let wire: CredentialsRequest
        do throws(WireError) { wire = try CredentialsRequest(parsing: JSONValue.object(request).bytes) } catch {
            throw .invalidRequest("the request: \(error)")
        }
        var asked = try ExchangeRequest(wire)
        asked.front = try Front(explaining: members["front"].map { $0.string ?? $0.kind })
        self.init(issuer: members["issuer"]?.string, claims: claims, request: asked)
    }

    /// What emergency deny and policy say to it, by the engine of every exchange.
    func explanation(
        by policy: PolicySet, under brake: EmergencyBrake, at now: Timestamp
    ) throws(Refusal) -> Explanation {
        let read = try policy.unverifiedClaims(claims, ofIssuerNamed: issuer)
        let explanation = policy.explanation(of: read.claims, from: read.issuer, asking: request, at: now)
        let url = policy.issuers.first { $0.name == read.issuer }?.url ?? ""
        let refusal = brake.refusal { $0.ruleDenying(read.claims, of: read.issuer, at: url, asking: request) }
        return refusal.map { explanation.stopped(by: $0) } ?? explanation
    }
}

extension Front {
    /// The one of this name; nil stands for our own client's.
    fileprivate init(explaining name: String?) throws(Refusal) {
        guard let name else { self = .credentials; return }
        guard let front = Front(argument: name) else {
            let known = Front.exchanging.map(\.rawValue).joined(separator: ", ")
            throw .invalidRequest("'front' is one of \(known)")
        }
        self = front
    }
}

extension Refusal {
    /// The words do not repeat what was pasted.
    static let pastedToken = Refusal.invalidRequest(
        "this looks like a token. A token is good for credentials until it expires, so it is not taken here and was not kept. Paste its claims instead: the JSON between its two dots, decoded."
    )
}

extension String {
    /// Without white space around it, which comes along when something is pasted.
    fileprivate var trimmed: String {
        var text = Substring(self)
        while text.first?.isWhitespace ?? false { text.removeFirst() }
        while text.last?.isWhitespace ?? false { text.removeLast() }
        return String(text)
    }

    fileprivate var nonEmpty: String? { isEmpty ? nil : self }
}
