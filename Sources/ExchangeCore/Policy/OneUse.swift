import StrictJSON

/// That each token gives credentials once only, and where.
///
/// AWS's SDKs read the same token file again and again, so a rule says which fronts it means: by the others nothing is given.
package struct OneUse: Sendable, Equatable {
    package let fronts: Set<Front>
}

extension MappingReader {
    /// `one_use: {fronts: [credentials]}`; nil without the key, and after a fault.
    func oneUse() -> OneUse? {
        let remedy = "name the fronts that may use a token, as in fronts: [credentials]"
        guard let node = self["one_use"],
            let reader = MappingReader(node, what: "one_use", keys: ["fronts"], scope: scope),
            let nodes = reader.required("fronts", remedy: remedy)?.list("fronts", scope: scope)
        else { return nil }
        return OneUse(fronts: Set(nodes.compactMap(front)))
    }

    private func front(_ node: SourceNode) -> Front? {
        guard let text = node.text("a front", scope: scope) else { return nil }
        if let front = Front.exchanging.first(where: { $0.rawValue.hasSameBytes(as: text) }) { return front }
        let known = Front.exchanging.map(\.rawValue).joined(separator: ", ")
        scope.report("there is no front \(text.quoted); the fronts are \(known)", at: node.position)
        return nil
    }
}
