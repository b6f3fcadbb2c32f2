import ExchangeAPI
import ExchangeCore
import StrictJSON

/// One case of a policy's test file: claims and a request, and what the policy must say.
struct PolicyCase: Sendable {
    let name: String
    let issuer: String?
    let claims: JSONObject
    let request: ExchangeRequest
    /// The moment it is asked at; nil is now. For rules under observation and Date conditions.
    let moment: Timestamp?
    let expectation: Expectation

    /// What must come out.
    enum Expectation: Sendable {
        /// The rule that gives, and what else is named of the grant.
        case allow(rule: String, details: [String: String])
        case refuse(code: String)
    }

    /// What came out otherwise; nil when it is as expected.
    func failure(under policy: PolicySet) -> String? {
        let outcome = outcome(under: policy)
        switch (expectation, outcome) {
        case (.allow(let rule, let details), .success(let ruling)):
            guard ruling.rule == rule else { return "expected rule \(rule), but rule \(ruling.rule) gives" }
            let given = ruling.details
            return details.keys.sorted().first { given[$0] != details[$0] }.map {
                "expected \($0) \(details[$0] ?? ""), but it is \(given[$0] ?? "none")"
            }
        case (.refuse(let code), .failure(let refusal)):
            let given = refusal.problem.code.rawValue
            return given == code ? nil : "expected \(code), but it is \(given): \(refusal.cause)"
        case (.allow(let rule, _), .failure(let refusal)):
            return "expected rule \(rule) to give, but \(refusal.problem.code.rawValue): \(refusal.cause)"
        case (.refuse(let code), .success(let ruling)):
            return "expected \(code), but rule \(ruling.rule) gives"
        }
    }

    private func outcome(under policy: PolicySet) -> Result<Ruling, Refusal> {
        do throws(Refusal) {
            let read = try policy.unverifiedClaims(claims, ofIssuerNamed: issuer)
            return .success(
                try policy.ruling(on: read.claims, from: read.issuer, asking: request, at: moment ?? .now()))
        } catch {
            return .failure(error)
        }
    }
}

extension Ruling {
    /// What a case may name of a grant, as text.
    fileprivate var details: [String: String] {
        var details = federationDetails
        let own = [
            "session_name": sessionName.description, "region": region.description,
            "duration_seconds": String(duration.components.seconds), "session_policy": session.inline ?? "",
            "one_use": String(isOneUse), "observed": observations.map(\.rule).joined(separator: ","),
        ]
        details.merge(own) { _, own in own }
        return details
    }

    /// What is known of the token that AWS would be shown. `tags` is JSON, as an object of a case's file is read.
    private var federationDetails: [String: String] {
        var details = ["federation": federation.mode.rawValue]
        guard let claims = federation.claims else { return details }
        details["subject"] = claims.subject
        details["source_identity"] = claims.sourceIdentity
        details["pinned_role"] = claims.pinnedRole?.description
        details["tags"] = Self.text(of: JSONObject(claims.tags.map { .init($0.key, .string($0.value)) }))
        return details
    }

    /// An object in the order of its names, so that a case may write them in any.
    static func text(of object: JSONObject) -> String {
        let sorted = object.members.sorted { $0.name < $1.name }
        return String(decoding: JSONValue.object(JSONObject(sorted)).bytes, as: UTF8.self)
    }

    /// The names of `details`.
    static let detailNames = [
        "session_name", "region", "duration_seconds", "session_policy", "one_use", "observed", "federation", "subject",
        "tags",
        "source_identity", "pinned_role",
    ]
}
