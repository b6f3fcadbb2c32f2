/// One file's top level.
struct PolicyDocument {
    /// Nil without the key.
    let federation: SourceNode?
    let issuers: [SourceNode]
    let rules: [SourceNode]
    let sessionPolicies: [SourceEntry]
    let scope: FaultScope

    static let keys = ["version", "federation", "issuers", "session_policies", "rules"]

    /// Nil after a fault that leaves nothing to read.
    init?(_ source: PolicySource, log: FaultLog) {
        let scope = FaultScope(file: source.file, log: log)
        self.scope = scope
        guard let top = MappingReader(source.root, what: "a policy file", keys: Self.keys, scope: scope) else {
            return nil
        }
        if let version = top.required("version", remedy: "begin it with version: 1") {
            let text = version.text("version", scope: scope)
            if let text, text != "1" {
                scope.report("version is \(text.quoted); this gateway reads 1", at: version.position)
            }
        }
        federation = top["federation"]
        issuers = top["issuers"]?.list("issuers", scope: scope) ?? []
        rules = top["rules"]?.list("rules", scope: scope) ?? []
        sessionPolicies = top["session_policies"].map { Self.sessionPolicies($0, scope: scope) } ?? []
    }

    private static func sessionPolicies(_ node: SourceNode, scope: FaultScope) -> [SourceEntry] {
        guard case .mapping(let entries) = node.content else {
            scope.report(
                "session_policies is a mapping of names to policies, but here is \(node.kind)", at: node.position)
            return []
        }
        return entries
    }
}
