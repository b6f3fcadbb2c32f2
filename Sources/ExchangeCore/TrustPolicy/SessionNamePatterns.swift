/// How the session names or source identities are spelt that a template gives the sessions of one repository or build.
struct SessionNamePatterns {
    /// Values of `StringLike`; nil when the template says nothing that tells them from others'.
    let patterns: [String]?
    /// Whether names that were cut may not fit.
    let mayMissCutNames: Bool

    init(of template: SessionNameTemplate, for repository: Repository, build: String?) {
        let text = template.text(for: repository, build: build)
        let pieces = text.split(separator: "*", omittingEmptySubsequences: false)
        let front = String(pieces[0])
        guard template.tellsApart(repository, build: build) else {
            (patterns, mayMissCutNames) = (nil, false)
            return
        }
        // A name that would blur or be too long is cut to so many characters, and ends in = and a hash.
        let cut = String(front.prefix(SessionNameTemplate.shownLength))
        if pieces.count == 1 {
            (patterns, mayMissCutNames) = (front.utf8.count > 64 ? [cut + "=*"] : [front, cut + "=*"], false)
        } else if front.utf8.count >= SessionNameTemplate.shownLength {
            (patterns, mayMissCutNames) = ([cut + "*"], false)
        } else if pieces.dropFirst().allSatisfy(\.isEmpty) {
            (patterns, mayMissCutNames) = ([front + "*"], false)
        } else {
            // What stands behind an unknown value may have been cut off.
            (patterns, mayMissCutNames) = ([text, text + "=*"], true)
        }
    }
}

extension SessionNameTemplate {
    /// The name with `*` for each value that is not known, and `-` for each character that is not fit.
    fileprivate func text(for repository: Repository, build: String?) -> String {
        template.parts.map { part in
            switch part {
            case .literal(let text): text
            case .claim(let path, _):
                repository.value(of: path, build: build).map { value in
                    String(String.UnicodeScalarView(value.unicodeScalars.map { Self.isFit($0) ? $0 : "-" }))
                } ?? "*"
            }
        }.joined()
    }

    /// Whether it holds the repository, and the build when one is asked for.
    fileprivate func tellsApart(_ repository: Repository, build: String?) -> Bool {
        let known = template.claims.map(\.description)
        let namesRepository = known.contains("repo") || known.contains("repo_org") && known.contains("repo_name")
        return namesRepository && (build == nil || known.contains("build_number"))
    }
}

extension Repository {
    /// What the tokens of its builds say; nil for what differs from build to build.
    func value(of path: ClaimPath, build: String?) -> String? {
        switch path.description {
        case "repo": description
        case "repo_org": organisation
        case "repo_name": name
        case "build_number": build
        default: nil
        }
    }
}
