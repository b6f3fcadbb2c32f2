/// Which steps of a pipeline a rule takes.
extension LintedAllow {
    /// `*client*` takes `evil.example.com/my-client`: an image's name is whatever its registry says.
    var unpinnedImages: [String] {
        let tests = tokens.tests(of: "image").compactMap { $0.wanted(guarantees) }
        guard guarantees.isVela, !tests.isEmpty, !tests.contains(where: { $0.allSatisfy(\.isPinnedImage) }) else {
            return []
        }
        return tests.joined().filter { !$0.isPinnedImage }.map { pattern in
            "image \(pattern.description.quoted) leaves \(pattern.unpinnedPart) open, so an image of somebody else "
                + "fits; write all but the tag, as in registry.example.com/vela-aws-credentials:1.*"
        }
    }

    /// A step with `commands` runs what the pipeline says, with credentials in its hands.
    var anyStep: [String] {
        guard guarantees.isVela, wanted(of: "image").isEmpty, admits([.claim("commands", is: "true")]) else {
            return []
        }
        return [
            "neither image nor commands says which step may ask, so any step may, with commands of its author's; "
                + "add Bool: { commands: false } and the client's image"
        ]
    }
}

extension ValuePattern {
    /// Whether no wildcard stands before the tag or digest.
    fileprivate var isPinnedImage: Bool {
        guard symbols.hasWildcard else { return true }
        let last = literalFront.split(separator: .letter("/"), omittingEmptySubsequences: false).last ?? []
        let hasTag = last.dropFirst().contains { $0 == .letter(":") || $0 == .letter("@") }
        // In registry:*/client:1 what looks like a tag is a port.
        return hasTag && !symbols[literalFront.count...].contains(.letter("/"))
    }

    private var literalFront: ArraySlice<PolicySymbol> { symbols.prefix { $0 != .anything && $0 != .anyLetter } }

    fileprivate var unpinnedPart: String { literalFront.contains(.letter("/")) ? "the name" : "registry and name" }
}
