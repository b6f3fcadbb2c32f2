import ExchangeCore

/// What goes with a revocation on standard error.
struct RevocationWords {
    let lines: [String]

    /// `endsAll` names the inline policy as AWS's console does, which then replaces it.
    init(_ revocation: Revocation, endsAll: Bool) {
        var lines: [String] = []
        if revocation.document != nil {
            let name = endsAll ? "AWSRevokeOlderSessions" : "VelaRevokedSessions"
            let roles = revocation.roles.isEmpty ? ["the roles that those sessions are of"] : revocation.roles
            lines.append("Attach it as an inline policy to " + roles.joined(separator: ", ") + ":")
            lines.append(
                "  aws iam put-role-policy --role-name NAME --policy-name \(name) --policy-document file://FILE")
            if !endsAll {
                lines.append(
                    "A second revocation under the same name takes the place of the first: join their statements, or choose "
                        + "another name.")
            }
            lines.append(
                "Stop new sessions first, by a deny rule or the emergency deny. AWS takes some seconds to apply it. Remove it "
                    + "when the longest session (12 h at most) has ended.")
        }
        self.lines = lines + revocation.notes + revocation.gaps.map { "NOT REACHED: \($0)" }
    }
}
