/// What a new policy no longer closes.
extension PolicySet {
    /// The names of the deny rules that `newer` lacks, or has with another content: closed doors that may be open there.
    package func denies(lostIn newer: PolicySet) -> [String] {
        let kept = Dictionary(grouping: newer.rules.compactMap(\.deny), by: \.name)
        return rules.compactMap(\.deny)
            .filter { old in !kept[old.name, default: []].contains { $0.closesTheSame(as: old) } }.map(\.name)
    }
}
