import StrictJSON

/// What the policy says for all its rules: the top-level key `federation`, which one file may hold.
struct FederationDefaults {
    private(set) var mode = FederationMode.forward
    /// `aud` of the gateway's own tokens: the client id of the provider in IAM.
    private(set) var audience = "sts.amazonaws.com"
    private var uniqueKeys = UniqueNames(of: "the key")

    static let keys = ["mode", "audience"]

    mutating func read(_ document: PolicyDocument) {
        guard let node = document.federation else { return }
        uniqueKeys.note("federation", at: node.position, scope: document.scope)
        guard case .mapping = node.content else {
            if let named = node.federationMode(scope: document.scope) { mode = named }
            return
        }
        guard let reader = MappingReader(node, what: "federation", keys: Self.keys, scope: document.scope) else {
            return
        }
        let remedy = "write mode: issuer, or mode: forward"
        if let named = reader.required("mode", remedy: remedy)?.federationMode(scope: document.scope) { mode = named }
        if let text = reader.federationAudience() { audience = text }
    }
}

extension MappingReader {
    /// Nil without the key, and after a fault.
    fileprivate func federationAudience() -> String? {
        guard let node = self["audience"], let text = node.text("audience", scope: scope) else { return nil }
        // What IAM takes as a provider's client id.
        if (1...255).contains(text.utf8.count), text.utf8.allSatisfy({ (0x21...0x7E).contains($0) }) { return text }
        scope.report("audience is 1 to 255 printable ASCII characters without spaces", at: node.position)
        return nil
    }
}

extension SourceNode {
    /// Nil after a fault.
    func federationMode(scope: FaultScope) -> FederationMode? {
        guard let text = text("federation", scope: scope) else { return nil }
        if let mode = FederationMode.allCases.first(where: { $0.rawValue.hasSameBytes(as: text) }) { return mode }
        scope.report("federation is forward or issuer, not \(text.quoted)", at: position)
        return nil
    }
}
