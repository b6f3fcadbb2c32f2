/// Reads how a rule's grants go to AWS.
struct FederationReader {
    let defaults: FederationDefaults
    /// The name of the rule's issuer, which `{issuer}` stands for.
    let issuer: String
    let schema: ClaimSchema
    let rule: MappingReader

    /// The keys that say what the gateway's own token says.
    static let templateKeys = ["subject", "tags", "source_identity", "pin_role"]
    static let keys = ["federation"] + templateKeys
    private static let tagKeys = ["value", "transitive"]

    private var scope: FaultScope { rule.scope }

    /// Everything is read before anything is given up, so that all faults are reported. Nil after one.
    func terms() -> FederationTerms? {
        guard let node = rule["federation"] else { return terms(in: defaults.mode) }
        return node.federationMode(scope: scope).flatMap(terms)
    }

    private func terms(in mode: FederationMode) -> FederationTerms? {
        switch mode {
        case .forward:
            reportStrayTemplates()
            return .forward
        case .issuer:
            if let observe = rule["observe"] {
                let why = "what the condition would refuse is then granted under the gateway's own name"
                scope.report("observe is not for a rule in issuer mode: \(why); remove it", at: observe.position)
            }
            return templates().map(FederationTerms.issuer)
        }
    }

    /// A forwarded token says what its issuer has put into it, so these would bind nothing.
    private func reportStrayTemplates() {
        for key in Self.templateKeys {
            guard let node = rule[key] else { continue }
            scope.report(
                "\(key) is for a rule in issuer mode, and this one forwards the step's own token, which the gateway "
                    + "cannot change; write federation: issuer, or remove it", at: node.position)
        }
    }

    private func templates() -> FederationTemplates? {
        let subject = rule["subject"].map { template($0, "subject", FederationTemplates.subjectBounds) }
        let tags = rule["tags"].map(tags) ?? []
        let identity = rule["source_identity"].map {
            SessionNameTemplate.parse($0, as: "source_identity", issuer: issuer, schema: schema, scope: scope)
        }
        let pinsRole = rule["pin_role"].map { $0.boolean("pin_role", scope: scope) } ?? false
        guard let tags, let pinsRole else { return nil }
        if case .some(nil) = subject { return nil }
        if case .some(nil) = identity { return nil }
        return FederationTemplates(
            subject: subject ?? nil, audience: defaults.audience, tags: tags, sourceIdentity: identity ?? nil,
            pinsRole: pinsRole)
    }

    private func template(_ node: SourceNode, _ key: String, _ bounds: TextBounds) -> ClaimTemplate? {
        let place = ClaimTemplate.Place(
            key: key, form: bounds.form + " and claims in braces, as in \"{repo}\"",
            isFit: { bounds.isFit($0) && $0 != "}" }, issuer: issuer)
        guard let template = ClaimTemplate.parse(node, as: place, schema: schema, scope: scope) else { return nil }
        guard template.claims.isEmpty, let fault = bounds.fault(in: template.filled(with: [])) else { return template }
        scope.report("\(key) \(template.text.quoted) \(fault)", at: node.position)
        return nil
    }

    /// Nil after a fault.
    private func tags(_ node: SourceNode) -> [FederationTemplates.TagTemplate]? {
        guard case .mapping(let entries) = node.content, !entries.isEmpty else {
            scope.report("tags is a mapping of keys to values, as in Repo: \"{repo}\"", at: node.position)
            return nil
        }
        if entries.count > SessionTag.most {
            scope.report("tags has \(entries.count) keys; AWS takes \(SessionTag.most)", at: node.position)
        }
        reportRepeatedTags(entries)
        let tags = entries.compactMap(tag)
        return tags.count == entries.count ? tags : nil
    }

    /// AWS holds `Repo` and `repo` for the same key.
    private func reportRepeatedTags(_ entries: [SourceEntry]) {
        var seen: [String: String] = [:]
        for entry in entries {
            if let first = seen.updateValue(entry.key, forKey: entry.key.lowercased()) {
                scope.report(
                    "tags has \(first.quoted) and \(entry.key.quoted), which AWS takes for one key; keep one",
                    at: entry.position)
            }
        }
    }

    private func tag(_ entry: SourceEntry) -> FederationTemplates.TagTemplate? {
        if let fault = SessionTag.fault(inKey: entry.key) {
            let literal = entry.key.contains("{") ? "; a key is a literal, only its value is filled from claims" : ""
            scope.report("the tag key \(entry.key.quoted) \(fault)\(literal)", at: entry.position)
            return nil
        }
        let key = "tags.\(entry.key)"
        var (value, isTransitive): (SourceNode?, Bool?) = (entry.value, false)
        if case .mapping = entry.value.content {
            guard let reader = MappingReader(entry.value, what: key, keys: Self.tagKeys, scope: scope) else {
                return nil
            }
            value = reader.required("value", remedy: "write value: \"{repo}\" or another template")
            isTransitive = reader["transitive"].map { $0.boolean("transitive", scope: scope) } ?? false
        }
        guard let value, let isTransitive, let template = template(value, key, SessionTag.valueBounds) else {
            return nil
        }
        return FederationTemplates.TagTemplate(key: entry.key, value: template, isTransitive: isTransitive)
    }
}
