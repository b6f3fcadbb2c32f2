/// One file's top level.
struct PolicyDocument {
    let issuers: [SourceNode]
    let rules: [SourceNode]
    let sessionPolicies: [SourceEntry]
    let stsProfiles: [SourceEntry]
    let scope: FaultScope

    /// Nil after a fault that leaves nothing to read.
    init?(_ source: PolicySource, log: FaultLog) {
        let scope = FaultScope(file: source.file, log: log)
        self.scope = scope
        let keys = ["version", "issuers", "session_policies", "sts_profiles", "rules"]
        guard let top = MappingReader(source.root, what: "a policy file", keys: keys, scope: scope) else { return nil }
        if let version = top.required("version", remedy: "begin it with version: 1") {
            let text = version.text("version", scope: scope)
            if let text, text != "1" {
                scope.report("version is \(text.quoted); this gateway reads 1", at: version.position)
            }
        }
        issuers = top["issuers"]?.list("issuers", scope: scope) ?? []
        rules = top["rules"]?.list("rules", scope: scope) ?? []
        sessionPolicies = top["session_policies"]?.named("session_policies", "policies", scope: scope) ?? []
        stsProfiles = top["sts_profiles"]?.named("sts_profiles", "profiles", scope: scope) ?? []
    }
}

extension SourceNode {
    /// The entries of a mapping of names to things.
    fileprivate func named(_ what: String, _ things: String, scope: FaultScope) -> [SourceEntry] {
        if case .mapping(let entries) = content { return entries }
        scope.report("\(what) is a mapping of names to \(things), but here is \(kind)", at: position)
        return []
    }
}
