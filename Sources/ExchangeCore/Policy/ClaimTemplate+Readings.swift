extension ClaimTemplate {
    /// In how many ways `name` can have come from this template, 2 for more than one.
    ///
    /// When there is one, no other caller's values give this name. `octo-org.octo-repo-42` is read in one way by
    /// `{repo_org}.{repo_name}-{build_number}`, because a build number is digits; `a.b.c-1` in two.
    func readings(of name: String) -> Int {
        let bytes = Array(name.utf8)
        // For each length, the number of ways in which the parts so far give the name's front of that length.
        var ways = [1] + Array(repeating: 0, count: bytes.count)
        for part in parts {
            var next = Array(repeating: 0, count: bytes.count + 1)
            for start in ways.indices where ways[start] > 0 {
                for end in part.ends(in: bytes, from: start) { next[end] = min(2, next[end] + ways[start]) }
            }
            ways = next
        }
        return ways[bytes.count]
    }
}

extension ClaimTemplate.Part {
    /// Where this part may end when it begins at `start`; a claim is never empty.
    fileprivate func ends(in name: [UInt8], from start: Int) -> [Int] {
        switch self {
        case .literal(let text):
            return name[start...].starts(with: text.utf8) ? [start + text.utf8.count] : []
        case .claim(_, let isDigits):
            let length = name[start...].prefix { !isDigits || $0.isDigit }.count
            return length > 0 ? Array((start + 1)...(start + length)) : []
        }
    }
}
