/// Whose repositories a rule takes.
extension LintedAllow {
    /// `repo:octo*` and `octo*/app` match repositories of `octopus-evil`: whoever may make an organisation chooses its name.
    var organisationWildcards: [String] {
        guard !isPinned({ $0.organisation }) else { return [] }
        return repositoryPatterns.joined().filter { $0.organisation?.hasWildcard ?? false }.map { pattern in
            "\(pattern.words) has a wildcard where the organisation stands, so it takes other organisations' repositories; "
                + "write the organisation out, as in \(pattern.example)"
        }
    }

    /// `repo:octo-org/app*` matches `octo-org/app-of-somebody-else`: whoever may make a repository chooses its name.
    var repositoryPrefixes: [String] {
        guard !isPinned({ $0.name }) else { return [] }
        return repositoryPatterns.joined().filter(\.hasPartOfName).map { pattern in
            "\(pattern.words) takes every repository whose name fits, those made tomorrow included; "
                + "write the name out, as in \(pattern.example), or name the whole organisation"
        }
    }

    /// Without a repository, a rule is for whoever has a pipeline on the server.
    var anyRepository: [String] {
        let owned = tokens.tests.contains { $0.path.first == "custom_properties" && !$0.isMetByAbsence }
        let named = ["sub", "repo", "repo_org"].flatMap(wanted(of:))
        guard guarantees.isVela, named.isEmpty, !owned else { return [] }
        return [
            "no test says whose repository it is, so every pipeline of issuer \(issuer.name) may come; "
                + "add StringLike: { sub: \"repo:ORG/NAME:*\" }, or name repo or repo_org"
        ]
    }

    /// Whether one test writes that part out in all its values: then the others need not.
    private func isPinned(_ part: (RepositoryPattern) -> [PolicySymbol]?) -> Bool {
        repositoryPatterns.contains { test in test.allSatisfy { part($0).map { !$0.hasWildcard } ?? false } }
    }

    /// Of each test that says something of the repository, its values.
    private var repositoryPatterns: [[RepositoryPattern]] {
        ["sub", "repo", "repo_org", "repo_name"].flatMap { claim in
            wanted(of: claim).map { $0.map { RepositoryPattern($0, of: claim, isVela: guarantees.isVela) } }
        }
    }
}

/// A pattern of a claim that names a repository.
private struct RepositoryPattern {
    private let claim: String
    private let pattern: ValuePattern
    /// What stands where the organisation does; nil where the claim says nothing of it.
    let organisation: [PolicySymbol]?
    /// What stands where the repository's name does; nil where the claim, or this pattern, says nothing of it.
    let name: [PolicySymbol]?

    init(_ pattern: ValuePattern, of claim: String, isVela: Bool) {
        self.claim = claim
        self.pattern = pattern
        let symbols = pattern.symbols
        switch claim {
        case "repo_org": (organisation, name) = (symbols, nil)
        case "repo_name": (organisation, name) = (nil, symbols)
        case "repo":
            organisation = Array(symbols.before("/"))
            let rest = symbols.dropFirst(symbols.before("/").count + 1)
            name = rest.isEmpty ? nil : Array(rest)
        default:
            let shape = SubjectShape(pattern)
            // Other issuers write what they like into sub; repo: says that it is a repository's.
            let isRead = isVela || shape.isOfRepository
            organisation = isRead ? shape.organisation : nil
            name = isRead && !shape.name.isEmpty ? shape.name : nil
        }
    }

    var hasPartOfName: Bool {
        guard let name else { return false }
        return name.hasWildcard && name.contains { $0 != .anything && $0 != .anyLetter }
    }

    var words: String { "\(claim) \(pattern.description.quoted)" }

    /// How it would be written safely.
    var example: String {
        switch claim {
        case "repo_org": "octo-org"
        case "repo_name": "octo-repo"
        case "repo": "octo-org/octo-repo"
        default: "repo:octo-org/octo-repo:*"
        }
    }
}
