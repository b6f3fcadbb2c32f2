import StrictJSON

/// A session policy that the files keep under a name, for lint: rules hold the documents themselves.
struct NamedSessionPolicy: Sendable {
    let name: String
    let place: RulePlace
    let document: SessionPolicyDocument
}

/// The session policies that the files keep under a name, before any rule asks for them.
struct NamedSessionPolicies {
    /// Nil for one that has a fault of its own, which is reported where it stands.
    private var documents: [String: SessionPolicyDocument?] = [:]
    private(set) var places: [String: RulePlace] = [:]
    private var uniqueNames = UniqueNames(of: "a session policy named")

    mutating func read(_ document: PolicyDocument) {
        for entry in document.sessionPolicies {
            uniqueNames.note(entry.key, at: entry.position, scope: document.scope)
            places[entry.key] = RulePlace(file: document.scope.file, position: entry.position)
            documents.updateValue(Self.policy(entry, scope: document.scope), forKey: entry.key)
        }
    }

    var names: [String] { documents.keys.sorted() }

    /// Those without a fault, in the order of their names.
    var all: [NamedSessionPolicy] {
        names.compactMap { name in
            guard let place = places[name], let known = documents[name], let document = known else { return nil }
            return NamedSessionPolicy(name: name, place: place, document: document)
        }
    }

    /// The policy of this name; nil after a fault, its own or that there is none.
    func document(_ name: String, at position: SourcePosition, scope: FaultScope) -> SessionPolicyDocument? {
        if let known = documents[name] { return known }
        let choice =
            names.isEmpty ? "no file names any under session_policies" : "there are \(names.joined(separator: ", "))"
        scope.report("there is no session policy \(name.quoted); \(choice)", at: position)
        return nil
    }

    private static func policy(_ entry: SourceEntry, scope: FaultScope) -> SessionPolicyDocument? {
        guard entry.key.isName else {
            scope.report(
                "a session policy's name \(entry.key.quoted) must be 1 to 64 letters, digits and . _ -",
                at: entry.position)
            return nil
        }
        guard let value = entry.value.policyJSON(entry.key, scope: scope) else { return nil }
        do throws(SessionPolicyFault) { return try SessionPolicyDocument(value) } catch {
            scope.report("session policy \(entry.key): \(error)", at: entry.position)
            return nil
        }
    }
}

extension SourceNode {
    /// The node as the JSON of an IAM policy, whose scalars are all texts: IAM takes `"false"` for false. Nil after a fault.
    fileprivate func policyJSON(_ name: String, scope: FaultScope) -> JSONValue? {
        switch content {
        case .scalar: return text("a value in session policy \(name)", scope: scope).map(JSONValue.string)
        case .sequence(let nodes):
            let values = nodes.compactMap { $0.policyJSON(name, scope: scope) }
            return values.count == nodes.count ? .array(values) : nil
        case .mapping(let entries):
            reportRepeatedKeys(in: entries, scope: scope)
            var object = JSONObject()
            for entry in entries {
                guard let value = entry.value.policyJSON(name, scope: scope) else { return nil }
                object[entry.key] = value
            }
            return .object(object)
        }
    }
}
