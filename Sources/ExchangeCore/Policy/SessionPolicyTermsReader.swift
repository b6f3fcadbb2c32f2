/// Reads a rule's `session_policy`.
struct SessionPolicyTermsReader {
    let policies: NamedSessionPolicies
    let scope: FaultScope

    static let keys = ["named", "default", "ceiling", "always", "managed"]

    /// The terms of a rule without the key are that callers may narrow their sessions as they like. Nil after a fault.
    func terms(in rule: MappingReader) -> SessionPolicyTerms? {
        guard let node = rule["session_policy"] else { return SessionPolicyTerms() }
        guard let reader = MappingReader(node, what: "session_policy", keys: Self.keys, scope: scope) else {
            return nil
        }
        var terms = SessionPolicyTerms()
        let always = named("always", in: reader)
        terms.always = always.compactMap(alwaysPolicy(of:))
        terms.alwaysNames = Set(always.map(\.name))
        terms.managed = managed(in: reader)
        terms.ceiling = ceiling(in: reader)
        let standard = named("default", in: reader).first
        terms.standard = standard?.document
        for entry in named("named", in: reader) + [standard].compactMap({ $0 }) {
            terms.named[entry.name] = entry.document
            checkWithin(terms.ceiling, entry)
        }
        if let ceiling = terms.ceiling, let name = reader["ceiling"]?.scalarText {
            terms.named[name] = ceiling.document
        }
        checkSizes(of: terms, at: node.position)
        return terms
    }

    /// One policy that the rule names, where it does so.
    private struct Entry {
        let name: String
        let document: SessionPolicyDocument
        let position: SourcePosition
    }

    private func named(_ key: String, in reader: MappingReader) -> [Entry] {
        guard let node = reader[key] else { return [] }
        let isList = key == "named" || key == "always"
        guard let nodes = isList ? node.list(key, scope: scope) : [node] else { return [] }
        return nodes.compactMap { node in
            guard let name = node.text(key, scope: scope),
                let document = policies.document(name, at: node.position, scope: scope)
            else { return nil }
            return Entry(name: name, document: document, position: node.position)
        }
    }

    private func ceiling(in reader: MappingReader) -> SessionPolicyCeiling? {
        guard let entry = named("ceiling", in: reader).first else { return nil }
        if let managed = reader["managed"] {
            scope.report(
                "managed does not go with ceiling: AWS unites session policies, and what a managed one allows cannot be proved;"
                    + " leave one of them out", at: managed.position)
        }
        do throws(SessionPolicyFault) { return try SessionPolicyCeiling(entry.document) } catch {
            scope.report("\(entry.name.quoted) cannot be a ceiling: \(error)", at: entry.position)
            return nil
        }
    }

    private func alwaysPolicy(of entry: Entry) -> AlwaysPolicy? {
        do throws(SessionPolicyFault) { return try AlwaysPolicy(entry.document) } catch {
            scope.report("\(entry.name.quoted) cannot be an always: \(error)", at: entry.position)
            return nil
        }
    }

    private func managed(in reader: MappingReader) -> [ManagedPolicyARN] {
        guard let nodes = reader["managed"]?.list("managed", scope: scope) else { return [] }
        return nodes.compactMap { node in
            guard let text = node.text("a managed policy", scope: scope) else { return nil }
            if let arn = ManagedPolicyARN(parsing: text) { return arn }
            let form = "write one as arn:aws:iam::aws:policy/ReadOnlyAccess"
            scope.report("\(text.quoted) is not the ARN of a managed policy; \(form)", at: node.position)
            return nil
        }
    }

    /// What the operator names is held to the ceiling as well: else a caller would get by name what he may not write.
    private func checkWithin(_ ceiling: SessionPolicyCeiling?, _ entry: Entry) {
        guard let excess = ceiling?.excess(of: entry.document) else { return }
        scope.report("\(entry.name.quoted) is not within the ceiling: \(excess)", at: entry.position)
    }

    /// The longest document that the operator's own policies can make: it must not fail at the first request.
    private func checkSizes(of terms: SessionPolicyTerms, at position: SourcePosition) {
        let bases: [SessionPolicyDocument?] = terms.named.values.map { $0 } + [nil]
        let lengths = bases.compactMap {
            SessionPolicyComposition.document(base: $0, always: terms.always, hasManagedPolicies: false)?.length
        }
        guard let longest = lengths.max(), longest > SessionPolicyComposition.mostCharacters else { return }
        scope.report(
            "the longest session policy of this rule has \(longest) characters, always included; AWS takes "
                + "\(SessionPolicyComposition.mostCharacters) at most, so shorten it", at: position)
    }
}
