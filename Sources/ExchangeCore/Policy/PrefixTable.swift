/// Finds, of many prefixes, those that a text begins with: one binary search, then from each prefix to the next shorter one.
struct PrefixTable: Sendable {
    /// In the order of their bytes.
    private var entries: [Entry] = []

    private struct Entry: Sendable {
        let prefix: [UInt8]
        var members: [Int]
        /// The longest other entry that is a prefix of this one.
        var parent: Int?
    }

    init(_ members: [[UInt8]: [Int]]) {
        entries = members.sorted { $0.key.lexicographicallyPrecedes($1.key) }
            .map { Entry(prefix: $0.key, members: $0.value, parent: nil) }
        // In this order all extensions of a prefix follow it, so the open prefixes form a stack.
        var open: [Int] = []
        for index in entries.indices {
            while let last = open.last, !entries[index].prefix.starts(with: entries[last].prefix) { open.removeLast() }
            entries[index].parent = open.last
            open.append(index)
        }
    }

    /// The members of all prefixes of `text`, longest prefix first.
    func members(for text: [UInt8]) -> [Int] {
        var members: [Int] = []
        // The longest prefix of a text is the last entry not after it in order, or one of its parents.
        var next = lastIndex(notAfter: text)
        var isPrefix = false
        while let index = next {
            isPrefix = isPrefix || text.starts(with: entries[index].prefix)
            if isPrefix { members += entries[index].members }
            next = entries[index].parent
        }
        return members
    }

    private func lastIndex(notAfter text: [UInt8]) -> Int? {
        var low = 0
        var high = entries.count
        while low < high {
            let middle = (low + high) / 2
            if text.lexicographicallyPrecedes(entries[middle].prefix) { high = middle } else { low = middle + 1 }
        }
        return low == 0 ? nil : low - 1
    }
}
