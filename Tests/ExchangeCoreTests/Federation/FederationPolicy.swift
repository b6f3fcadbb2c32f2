import StrictJSON

@testable import ExchangeCore

/// Policies of rules in issuer mode, as JSON.
enum FederationPolicy {
    static let gateway = "vela-aws-gateway"
    static let aws = "sts.amazonaws.com"

    static func issuer(_ name: String = "vela", audiences: [String] = [gateway], kind: String = "vela") -> String {
        let audiences = audiences.map { "\"\($0)\"" }.joined(separator: ", ")
        return """
            {"name": "\(name)", "url": "https://\(name).example.com", "audiences": [\(audiences)], "claims": "\(kind)"}
            """
    }

    /// An allow rule for pushes; `more` are further members.
    static func rule(
        _ name: String = "one", issuer: String = "vela", mode: String? = "issuer",
        condition: String = #"{"StringEquals": {"event": "push"}}"#, role: String = "test", more: String = ""
    ) -> String {
        let federation = mode.map { ", \"federation\": \"\($0)\"" } ?? ""
        return """
            {"name": "\(name)", "issuer": "\(issuer)", "condition": \(condition),
             "roles": ["arn:aws:iam::123456123456:role/\(role)"]\(federation)\(more)}
            """
    }

    static func json(_ rules: String..., issuers: [String] = [issuer()], top: String = "") -> String {
        """
        {"version": 1\(top), "issuers": [\(issuers.joined(separator: ", "))], "rules": [\(rules.joined(separator: ", "))]}
        """
    }

    static func compile(_ json: String...) throws -> PolicySet {
        let sources = try json.enumerated().map { try PolicySource($1, file: "\($0).yaml") }
        return try PolicyCompiler.compile(sources, at: .loading)
    }

    /// The messages of the faults of a policy.
    static func faults(_ json: String...) throws -> [String] {
        let sources = try json.enumerated().map { try PolicySource($1, file: "\($0).yaml") }
        do throws(PolicyFaults) {
            _ = try PolicyCompiler.compile(sources, at: .loading)
            return []
        } catch {
            return error.faults.map(\.description)
        }
    }
}

extension Claims {
    /// A push whose token is for the gateway.
    static func forGateway(_ changes: String = "{}", without absent: [String] = []) throws -> Claims {
        var members = try Claims.push(changes, without: absent).members
        if members["aud"]?.string == FederationPolicy.aws { members["aud"] = .string(FederationPolicy.gateway) }
        return Claims(members: members)
    }
}

extension PolicySet {
    /// What is granted to `claims`.
    func federation(_ claims: Claims, from issuer: String = "vela", role: String = "test") throws -> Federation {
        try ruling(on: claims, from: issuer, asking: .role(role), at: .loading).federation
    }

    /// The cause of the refusal; nil where there is none.
    func refusal(_ claims: Claims, from issuer: String = "vela") throws -> Refusal? {
        let request = try ExchangeRequest.role()
        do throws(Refusal) {
            _ = try ruling(on: claims, from: issuer, asking: request, at: .loading)
            return nil
        } catch {
            return error
        }
    }
}
