/// Which events a rule takes.
extension LintedAllow {
    /// Without a gate on `event`, a deployment, a schedule or a comment gets what was meant for a push.
    var missingEventGate: [String] {
        guard guarantees.isVela, isOpenToEveryEvent else { return [] }
        return [
            "no test keeps any event out, so a pull request or a comment gets what a push gets; "
                + "add StringEquals: { event: [push, tag] }, or the events that it is for"
        ]
    }

    /// `repo:octo-org/app:ref:refs/heads/main*` matches `refs/heads/main-evil`, and the `*` takes `:event:pull_request` too.
    var subjectsCrossingEvent: [String] {
        guard guarantees.isVela else { return [] }
        return wanted(of: "sub").joined().compactMap { pattern in
            guard let front = SubjectShape(pattern).refBeforeCrossingStar else { return nil }
            let isFolder = front.hasSuffix("/")
            // refs/heads/* beside a gate on event takes what it says.
            guard !isFolder || isOpenToEveryEvent else { return nil }
            let stranger = isFolder ? "every ref in \(front)" : "\(front)-evil"
            return "sub \(pattern.description.quoted) takes \(stranger) as well, and its * reaches over :event:, so it "
                + "takes every event; end it as in ref:\(front)\(isFolder ? "*" : ""):event:push"
        }
    }

    /// A pull request from a fork runs a pipeline that its author wrote, under the repository's own name.
    var missingForkGate: [String] {
        guard guarantees.isVela else { return [] }
        let open = openEvents(VelaEvents.pullRequests + VelaEvents.comments, pullFork: "true")
        guard !open.isEmpty else { return [] }
        return [
            "a fork's pull request may come (\(open.shownAsList)) with a pipeline that its author wrote; "
                + "add Bool: { pull_fork: false }, or take only events such as push and tag"
        ]
    }

    /// A comment on a fork's pull request builds the fork's commit, and says `pull_fork: "false"`.
    var commentsPassingForkGate: [String] {
        guard guarantees.isVela else { return [] }
        let open = openEvents(VelaEvents.comments, pullFork: "false")
        guard !open.isEmpty, openEvents(VelaEvents.comments, pullFork: "true").isEmpty else { return [] }
        return [
            "it keeps forks out by pull_fork, but a comment on a fork's pull request says false and may come "
                + "(\(open.shownAsList)); leave comments out, as in StringEquals: { event: [push, tag] }"
        ]
    }

    private var isOpenToEveryEvent: Bool { VelaEvents.all.allSatisfy { admits([.claim("event", is: $0)]) } }

    private func openEvents(_ events: [String], pullFork: String) -> [String] {
        events.filter { event in
            admits([
                .claim("event", is: event), .claim("ref", isLike: VelaEvents.pullRequestRef),
                .claim("pull_fork", is: pullFork),
            ])
        }
    }
}

extension LintedRule {
    /// `event: pull_request` equals nothing: Vela writes `pull_request:opened`. In a deny it binds nobody.
    var eventsNeverSent: [String] {
        guard guarantees.isVela else { return [] }
        return condition.tests.filter { $0.path.description == "event" }.compactMap { test in
            let strangers = (test.named(guarantees) ?? []).filter { !VelaEvents.areLike($0) }.map(\.description)
            guard !strangers.isEmpty else { return nil }
            let loss = effect == .deny ? "so this deny does not bind by it" : "so nothing comes by it"
            return "\(test.conditionOperator) event \(strangers.shownAsList) is nothing that Vela sends, \(loss); "
                + "most have an action: write push, tag, schedule, or StringLike: { event: \"pull_request:*\" }"
        }
    }
}

extension SubjectShape {
    /// What stands behind `ref:` before the first `*`, where that `*` can take `:event:` as well. Nil where none can, and where
    /// nothing of the ref is written at all: `ref:*` says openly that it takes everything.
    var refBeforeCrossingStar: String? {
        guard let afterRef, let star = afterRef.firstIndex(of: .anything), star > 0 else { return nil }
        let mark = ValuePattern(literal: ":event:").symbols
        let isClosed = afterRef.indices.contains { afterRef[$0...].starts(with: mark) }
        return isClosed ? nil : ValuePattern(symbols: Array(afterRef[..<star])).description
    }
}
