/// Defaults for requests of AWS's SDKs, which cannot send them: what stands behind `/sts/` in their address names a profile.
package struct STSProfile: Sendable, Equatable {
    let sessionPolicy: String?
    let duration: Duration?
    let region: Region?

    /// Fills in what `request` leaves out. A caller that brings session policies of its own, of whatever kind, gets no other:
    /// AWS unites them, and more would be allowed than it asked for.
    package func fill(_ request: inout ExchangeRequest) {
        request.duration = request.duration ?? duration
        request.region = request.region ?? region
        guard request.sessionPolicy == .none, request.managedPolicies.isEmpty, let sessionPolicy else { return }
        request.sessionPolicy = .named(sessionPolicy)
    }
}

/// Reads `sts_profiles` of all files.
struct STSProfileReader {
    let sessionPolicies: NamedSessionPolicies
    private(set) var profiles: [String: STSProfile] = [:]
    private var uniqueNames = UniqueNames(of: "an STS profile named")

    init(sessionPolicies: NamedSessionPolicies) { self.sessionPolicies = sessionPolicies }

    mutating func read(_ document: PolicyDocument) {
        let scope = document.scope
        for entry in document.stsProfiles {
            uniqueNames.note(entry.key, at: entry.position, scope: scope)
            guard entry.key.isName else {
                scope.report(
                    "an STS profile's name \(entry.key.quoted) must be 1 to 64 letters, digits and . _ -",
                    at: entry.position)
                continue
            }
            profiles[entry.key] = profile(entry.value, scope: scope)
        }
    }

    private func profile(_ node: SourceNode, scope: FaultScope) -> STSProfile? {
        let keys = ["session_policy", "duration", "region"]
        guard let reader = MappingReader(node, what: "an STS profile", keys: keys, scope: scope) else { return nil }
        if keys.allSatisfy({ reader[$0] == nil }) {
            scope.report("an STS profile names at least one of \(keys.joined(separator: ", "))", at: reader.position)
        }
        return STSProfile(
            sessionPolicy: reader["session_policy"].flatMap { sessionPolicy($0, scope: scope) },
            duration: reader["duration"]?.duration("duration", within: 900...43_200, scope: scope),
            region: reader["region"]?.region(scope: scope))
    }

    private func sessionPolicy(_ node: SourceNode, scope: FaultScope) -> String? {
        guard let name = node.text("session_policy", scope: scope) else { return nil }
        return sessionPolicies.document(name, at: node.position, scope: scope) == nil ? nil : name
    }
}
