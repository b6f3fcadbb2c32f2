/// One file's top level.
struct PolicyDocument {
    let issuers: [SourceNode]
    let rules: [SourceNode]
    let scope: FaultScope

    /// Nil after a fault that leaves nothing to read.
    init?(_ source: PolicySource, log: FaultLog) {
        scope = FaultScope(file: source.file, log: log)
        let keys = ["version", "issuers", "rules"]
        guard
            let top = MappingReader(
                source.root, what: "a policy file", keys: keys, later: ["session_policies"], scope: scope)
        else { return nil }
        if let version = top.required("version", remedy: "begin it with version: 1") {
            let text = version.text("version", scope: scope)
            if let text, text != "1" {
                scope.report("version is \(text.quoted); this gateway reads 1", at: version.position)
            }
        }
        issuers = top["issuers"]?.list("issuers", scope: scope) ?? []
        rules = top["rules"]?.list("rules", scope: scope) ?? []
    }
}
