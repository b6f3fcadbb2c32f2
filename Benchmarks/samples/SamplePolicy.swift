package import ExchangeCore
package import Foundation
import Gateway
import StrictJSON

/// A policy of many rules, each for a repository of its own, as a company's would be: `count` allows and a deny for every
/// hundred of them.
package struct SamplePolicy {
    package let count: Int

    package init(count: Int) { self.count = count }

    /// The policy, compiled.
    package func load() throws -> PolicySet {
        let file = try write()
        defer { try? FileManager.default.removeItem(at: file) }  // What is left lies in the system's temporary folder.
        return try PolicyFiles(path: file.path).loadPolicy()
    }

    /// A new file with the policy, which the caller removes.
    package func write() throws -> URL {
        let file = FileManager.default.temporaryDirectory.appending(path: "policy-\(UUID().uuidString).yaml")
        try Data(yaml.utf8).write(to: file)
        try FileManager.default.setAttributes([.posixPermissions: 0o600], ofItemAtPath: file.path)
        return file
    }

    /// The policy's one file.
    package var yaml: String {
        """
        version: 1
        issuers:
          - name: vela
            url: https://vela.example.com/_services/token
            audiences: [sts.amazonaws.com]
            claims: vela
        session_policies:
          no-iam: {Version: "2012-10-17", Statement: [{Effect: Deny, Action: "iam:*", Resource: "*"}]}
        rules:

        """ + (0..<count).map(rule).joined()
    }

    private func rule(_ number: Int) -> String {
        let deny = """
              - name: deny-\(number)
                effect: deny
                issuer: vela
                condition: {StringEquals: {repo: org-\(number % 100)/repo-\(number), actor: nobody}}

            """
        return """
              - name: rule-\(number)
                issuer: vela
                condition:
                  StringLike: {sub: "repo:org-\(number % 100)/repo-\(number):*", image: "registry.example.com/vela-aws-credentials:1.*"}
                  StringEquals: {aud: sts.amazonaws.com, event: [push, tag]}
                  Bool: {commands: false, pull_fork: false}
                roles: ["arn:aws:iam::123456123456:role/role-\(number)"]
                regions: [us-east-1, us-west-2]
                max_duration: 1h
                session_name: "{repo_org}.{repo_name}-{build_number}"
                session_policy: {always: [no-iam]}

            """ + (number % 100 == 0 ? deny : "")
    }

    /// The claims of a push of the repository of rule `number`; one beyond `count` is nobody's.
    package func claims(of number: Int) throws -> Claims {
        let repository = "org-\(number % 100)/repo-\(number)"
        let json = """
            {"sub": "repo:\(repository):ref:refs/heads/main:event:push", "token_type": "ID", "repo": "\(repository)",
             "ref": "refs/heads/main", "event": "push", "image": "registry.example.com/vela-aws-credentials:1.2.0",
             "build_number": "42", "commands": "false", "pull_fork": "false", "actor": "octo-cat", "branch": "main"}
            """
        let issuer = Issuer(
            name: "vela", url: "https://vela.example.com/_services/token", audiences: ["sts.amazonaws.com"], kind: .vela
        )
        return try UnverifiedClaims(payload: try JSONValue(parsing: json).object ?? JSONObject(), of: issuer).claims
    }

    package func request(of number: Int) throws -> ExchangeRequest {
        guard let role = RoleARN(parsing: "arn:aws:iam::123456123456:role/role-\(number)") else { throw NoRole() }
        return ExchangeRequest(role: role)
    }

    private struct NoRole: Error {}
}
