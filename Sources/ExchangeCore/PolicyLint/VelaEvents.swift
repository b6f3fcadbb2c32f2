/// The events for which Vela builds (server v0.28), as its tokens write them.
enum VelaEvents {
    static let pullRequests = ["opened", "synchronize", "reopened", "edited", "labeled", "unlabeled"]
        .map { "pull_request:" + $0 }
    static let comments = ["comment:created", "comment:edited"]
    private static let others = [
        "push", "tag", "schedule", "deployment:created", "delete:branch", "delete:tag", "merge_group:checks_requested",
    ]

    static let all = pullRequests + comments + others

    /// Where the commits of pull requests are, by whomever; a comment builds the same.
    static let pullRequestRef = "refs/pull/*"

    /// What a value of `event` may be like to match anything. Wider than `all`, for actions that another version may have.
    private static let forms = [
        "push", "tag", "schedule", "schedule:*", "pull_request:*", "comment:*", "deployment:*", "delete:*",
        "merge_group", "merge_group:*", "repository:*",
    ].map { ValuePattern(like: $0) }

    static func areLike(_ pattern: ValuePattern) -> Bool { forms.contains { $0.overlaps(pattern) } }
}
