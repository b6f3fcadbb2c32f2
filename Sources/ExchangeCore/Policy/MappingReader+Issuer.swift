import StrictJSON

/// The parts of an issuer that stand for themselves.
extension MappingReader {
    /// Required: nobody shall get the laxer kind by leaving it out.
    func issuerKind() -> IssuerKind? {
        let remedy = "write claims: vela, or claims: generic for another issuer"
        guard let node = required("claims", remedy: remedy), let text = node.text("claims", scope: scope) else {
            return nil
        }
        switch text {
        case "vela": return .vela
        case "generic": return .generic
        default:
            scope.report("claims is vela or generic, not \(text.quoted)", at: node.position)
            return nil
        }
    }

    func audiences() -> [String]? {
        let remedy = "name what tokens are made out to, such as [sts.amazonaws.com]"
        guard let nodes = required("audiences", remedy: remedy)?.list("audiences", scope: scope) else { return nil }
        return nodes.compactMap { node in
            guard let text = node.text("an audience", scope: scope) else { return nil }
            if (1...256).contains(text.utf8.count) { return text }
            scope.report("an audience is 1 to 256 bytes long", at: node.position)
            return nil
        }
    }

    /// RS256 unless named, OpenID Connect's default.
    func algorithms() -> Set<SigningAlgorithm>? {
        guard let node = self["algorithms"] else { return [.rs256] }
        guard let nodes = node.list("algorithms", scope: scope) else { return nil }
        let known = SigningAlgorithm.allCases.map(\.rawValue).joined(separator: ", ")
        return Set(
            nodes.compactMap { node in
                guard let text = node.text("an algorithm", scope: scope) else { return nil }
                if let algorithm = SigningAlgorithm(named: text) { return algorithm }
                scope.report("unknown algorithm \(text.quoted); take some of \(known)", at: node.position)
                return nil
            })
    }

    /// The key can only say `false`: unknown is the default, and nobody wants that absence means *true*.
    func absentPullForkIsFalse(for kind: IssuerKind?) -> Bool {
        guard let node = self["absent_pull_fork"], let value = node.boolean("absent_pull_fork", scope: scope) else {
            return false
        }
        if value || kind == .generic {
            let remedy = "remove it, and an absent pull_fork is unknown"
            scope.report("absent_pull_fork can only be false, and only with claims: vela; \(remedy)", at: node.position)
        }
        return !value
    }

    /// The key can only say `pass`: refusing is the default.
    func passesAWSClaims() -> Bool {
        guard let node = self["aws_claims"], let text = node.text("aws_claims", scope: scope) else { return false }
        if text.hasSameBytes(as: "pass") { return true }
        scope.report(
            "aws_claims can only be pass, not \(text.quoted); remove it, and they are refused", at: node.position)
        return false
    }
}
