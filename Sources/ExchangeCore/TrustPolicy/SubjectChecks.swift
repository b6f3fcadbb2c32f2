/// Whose tokens come in, by `sub` and `aud`, the only claims that AWS looks at.
extension TrustEntrance {
    var missingSubject: [TrustRemark] {
        guard !subjects.contains(where: { test in !test.contains(where: \.isOpen) }) else { return [] }
        return [
            TrustRemark(
                "no condition on \(provider.address.quoted):sub narrows it, so every token of that issuer comes in, of "
                    + "whatever repository",
                remedy: "add StringLike: {\"\(provider.address.shown(upTo: 120)):sub\": \"\(example)\"}")
        ]
    }

    var organisationWildcards: [TrustRemark] {
        guard !isPinned(\.hasOrganisationWildcard) else { return [] }
        return subjects.joined().filter { $0.hasOrganisationWildcard && !$0.isOpen }.map { subject in
            TrustRemark(
                "sub \(subject.pattern.description.quoted) has a wildcard where the organisation stands, or before it, so "
                    + "another organisation's repositories fit",
                remedy: "write the organisation out, as in \(example)")
        }
    }

    var repositoryPrefixes: [TrustRemark] {
        guard !isPinned(\.hasPartOfName) else { return [] }
        return subjects.joined().filter(\.hasPartOfName).map { subject in
            TrustRemark(
                "sub \(subject.pattern.description.quoted) takes every repository whose name fits, those made tomorrow too",
                remedy: "write the name out and end it with a colon, as in \(example)")
        }
    }

    var subjectsCrossingEvent: [TrustRemark] {
        subjects.joined().compactMap { subject in
            // A folder of refs is meant so, and events are the gateway's to tell apart.
            guard let front = subject.shape.refBeforeCrossingStar, !front.hasSuffix("/") else { return nil }
            return TrustRemark(
                "sub \(subject.pattern.description.quoted) takes \(front.shown(upTo: 80))-evil as well, and every event",
                remedy: "write ref and event to their ends, as in ...:ref:\(front.shown(upTo: 80)):event:push")
        }
    }

    /// Of the gateway's own tokens the rule's template says what `sub` is like, so only Vela's are looked at.
    var subjectsNeverSent: [TrustRemark] {
        guard source == .vela else { return [] }
        return subjects.joined().filter { !$0.pattern.overlaps(TrustSubject.ofVela) && !$0.isLiteralWildcard }.map {
            TrustRemark(
                "sub \($0.pattern.description.quoted) is like nothing that Vela writes, so nobody comes in by it",
                remedy: "Vela writes repo:ORG/NAME:ref:REF:event:EVENT; write \(example), or the whole of it")
        }
    }

    var missingAudience: [TrustRemark] {
        guard patterns(of: .aud).isEmpty else { return [] }
        return [
            TrustRemark(
                "no condition on \(provider.address.quoted):aud, so a token that was made for another party comes in, if the "
                    + "provider has that party among its audiences",
                remedy:
                    "add StringEquals: {\"\(provider.address.shown(upTo: 120)):aud\": \"sts.amazonaws.com\"}, or the "
                    + "audience that you use")
        ]
    }

    var audienceWildcards: [TrustRemark] {
        let audiences = patterns(of: .aud)
        guard !audiences.contains(where: { test in !test.contains { $0.symbols.hasWildcard } }) else { return [] }
        return audiences.joined().filter { $0.symbols.hasWildcard }.map {
            TrustRemark(
                "aud \($0.description.quoted) takes tokens that were made for others",
                remedy: "write the one audience out, by StringEquals")
        }
    }

    /// By bound, what each takes.
    private var subjects: [[TrustSubject]] {
        patterns(of: .sub).map { $0.map { TrustSubject($0, of: source) } }
    }

    /// Whether one bound is free of it in all its values: then the others need not be.
    private func isPinned(_ isWide: (TrustSubject) -> Bool) -> Bool {
        subjects.contains { test in !test.contains(where: isWide) }
    }

    private var example: String { "repo:octo-org/octo-repo:*" }
}

extension TrustSubject {
    /// Said elsewhere.
    fileprivate var isLiteralWildcard: Bool {
        pattern.symbols.contains { $0 == .letter("*") || $0 == .letter("?") }
    }
}
