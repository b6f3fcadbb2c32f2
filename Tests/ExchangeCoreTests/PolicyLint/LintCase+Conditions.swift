@testable import ExchangeCore

/// What conditions take by mistake.
extension LintCase {
    static let repositories: [LintCase] = [
        LintCase(
            .organisationWildcard,
            conditions: [
                #"{"StringLike": {"sub": "repo:octo*"}}"#, #"{"StringLike": {"sub": "repo:octo*/app:*"}}"#,
                #"{"StringLike": {"sub": "*octo-org/app:*"}}"#, #"{"StringLike": {"sub": "repo:*:event:push"}}"#,
                #"{"StringLike": {"repo": "octo?/app"}}"#, #"{"StringLike": {"repo": "*/app"}}"#,
                #"{"StringLike": {"repo_org": ["octo-org", "octo-*"]}}"#,
                #"{"ForAnyValue:StringLike": {"repo": ["octo-org/app", "o*/app"]}}"#,
            ],
            nearMisses: [
                #"{"StringLike": {"sub": "repo:octo-org/*"}}"#, #"{"StringLike": {"repo": "octo-org/*"}}"#,
                // What one test pins, the other may leave open.
                #"{"StringLike": {"sub": "repo:*:event:push"}, "StringEquals": {"repo": "octo-org/app"}}"#,
                #"{"StringLike": {"sub": "*:event:push", "repo_org": "octo-org"}}"#,
                #"{"StringEquals": {"repo_org": "octo*"}}"#, #"{"StringNotLike": {"repo": "octo*"}}"#,
            ]),
        LintCase(
            .repositoryPrefix,
            conditions: [
                #"{"StringLike": {"sub": "repo:octo-org/app*"}}"#, #"{"StringLike": {"sub": "repo:octo-org/app*:*"}}"#,
                #"{"StringLike": {"repo": "octo-org/app-*"}}"#, #"{"StringLike": {"repo_name": "app?"}}"#,
            ],
            nearMisses: [
                #"{"StringLike": {"sub": "repo:octo-org/*"}}"#, #"{"StringLike": {"sub": "repo:octo-org/app:*"}}"#,
                #"{"StringLike": {"sub": "repo:octo-org/app*"}, "StringEquals": {"repo": "octo-org/app"}}"#,
                #"{"StringLike": {"repo": "octo-org/*"}}"#,
            ]),
        LintCase(
            .anyRepository,
            conditions: [
                #"{"StringEquals": {"event": "push"}}"#, #"{"StringEquals": {"repo_name": "app"}}"#,
                #"{"StringNotLike": {"sub": "repo:evil/*"}}"#, #"{"StringLike": {"sub": "*", "event": "push"}}"#,
            ],
            nearMisses: [
                #"{"StringEquals": {"repo": "octo-org/app"}}"#, #"{"StringLike": {"sub": "repo:octo-org/*"}}"#,
                #"{"StringEquals": {"custom_properties.team": "octo"}}"#,
            ]),
    ]

    static let events: [LintCase] = [
        LintCase(
            .subjectCrossesEvent,
            conditions: [
                #"{"StringLike": {"sub": "repo:o/r:ref:refs/heads/main*"}}"#,
                #"{"StringLike": {"sub": "repo:o/r:ref:refs/heads/*"}}"#,
                #"{"StringLike": {"sub": "repo:o/r:ref:refs/heads/main*"}, "StringEquals": {"event": "push"}}"#,
                #"{"StringLike": {"sub": ["repo:o/r:ref:refs/heads/main:event:push", "repo:o/r:ref:refs/tags/v*"]}}"#,
            ],
            nearMisses: [
                #"{"StringLike": {"sub": "repo:o/r:ref:refs/heads/main:event:push"}}"#,
                #"{"StringLike": {"sub": "repo:o/r:ref:refs/heads/main:*"}, "StringEquals": {"event": "push"}}"#
                    .replacing("main:*", with: "main:event:*"),
                #"{"StringLike": {"sub": "repo:o/r:ref:refs/tags/v*:event:tag"}}"#,
                #"{"StringLike": {"sub": "repo:o/r:*"}}"#, #"{"StringLike": {"sub": "repo:o/r:ref:*"}}"#,
                #"{"StringLike": {"sub": "repo:o/r:ref:refs/heads/*"}, "StringEquals": {"event": "push"}}"#,
            ]),
        LintCase(
            .noEventGate,
            conditions: [
                #"{"StringEquals": {"repo": "o/r"}}"#, #"{"StringLike": {"sub": "repo:o/r:*", "event": "*"}}"#,
                #"{"StringEquals": {"repo": "o/r", "ref": "refs/heads/main"}}"#,
                #"{"StringLike": {"sub": "repo:o/r:ref:refs/heads/*"}}"#,
            ],
            nearMisses: [
                #"{"StringEquals": {"repo": "o/r", "event": "push"}}"#,
                #"{"StringLike": {"sub": "repo:o/r:*:event:push"}}"#,
                #"{"StringNotLike": {"event": "pull_request*"}, "StringEquals": {"repo": "o/r"}}"#,
                #"{"StringNotLike": {"sub": "*:event:comment"}, "StringEquals": {"repo": "o/r"}}"#,
            ]),
        LintCase(
            .noEventGate, earning: [.policy(.rule(condition: #"{"StringEquals": {"repo": "o/r"}}"#))],
            nearMisses: [
                .policy(
                    .rule(condition: #"{"StringEquals": {"repo": "o/r"}}"#),
                    .deny(#"{"StringLike": {"event": ["pull_request:*", "comment:*"]}}"#)),
                .policy(.rule(condition: #"{"StringEquals": {"sub": "me"}}"#, sessionName: "x", issuer: "generic")),
            ]),
        LintCase(
            .eventNeverSent,
            earning: [
                .policy(.rule(condition: #"{"StringEquals": {"repo": "o/r", "event": ["push", "pull_request"]}}"#)),
                .policy(.rule(condition: #"{"StringLike": {"repo": "o/r", "event": "pull-request*"}}"#)),
                .policy(
                    .deny(#"{"StringEquals": {"event": ["pull_request", "comment"]}}"#, more: #", "issuer": "vela""#)),
                .policy(.rule(condition: #"{"StringNotEquals": {"event": "comment"}}"#)),
            ],
            nearMisses: [
                .policy(
                    .rule(condition: #"{"StringEquals": {"event": ["push", "tag", "schedule", "comment:created"]}}"#)),
                .policy(.rule(condition: #"{"StringLike": {"event": ["pull_request*", "p*", "*:opened"]}}"#)),
                .policy(
                    .rule(condition: #"{"StringEquals": {"event": "anything"}}"#, sessionName: "x", issuer: "generic")),
            ]),
    ]

    static let steps: [LintCase] = [
        LintCase(
            .noForkGate,
            conditions: [
                #"{"StringEquals": {"repo": "o/r"}}"#, #"{"StringLike": {"repo": "o/r", "event": "pull_request*"}}"#,
                #"{"StringEquals": {"repo": "o/r", "event": "comment:created"}}"#,
                #"{"StringLike": {"sub": "repo:o/r:ref:refs/pull/*"}}"#,
                #"{"Bool": {"pull_fork": [true, false]}, "StringEquals": {"repo": "o/r"}}"#,
            ],
            nearMisses: [
                #"{"StringEquals": {"repo": "o/r"}, "Bool": {"pull_fork": false}}"#,
                #"{"StringEquals": {"repo": "o/r", "pull_fork": "false"}}"#,
                #"{"StringEquals": {"repo": "o/r"}, "StringNotEquals": {"pull_fork": "true"}}"#,
                #"{"StringEquals": {"repo": "o/r", "event": ["push", "tag"]}}"#,
                #"{"StringLike": {"sub": "repo:o/r:*:event:push"}}"#,
                #"{"StringNotLike": {"event": ["pull_request*", "comment*"]}}"#,
                // Pull requests and comments build refs/pull/N/head.
                #"{"StringEquals": {"repo": "o/r", "ref": "refs/heads/main"}}"#,
            ]),
        LintCase(
            .noForkGate,
            earning: [
                // A deny of one role, and one that is only counted, close nothing.
                .policy(
                    .rule(condition: #"{"StringEquals": {"repo": "o/r"}}"#),
                    .deny(#"{"Bool": {"pull_fork": true}}"#, more: #", "roles": ["\#(String.role)2"]"#)),
                .policy(
                    .rule(condition: #"{"StringEquals": {"repo": "o/r"}}"#),
                    .deny(#"{"Bool": {"pull_fork": true}}"#, more: #", "observe": {"until": "2026-01-09"}"#)),
                .policy(
                    .rule(condition: #"{"StringEquals": {"repo": "o/r"}}"#),
                    .deny(#"{"Bool": {"pull_fork": true}, "StringEquals": {"actor": "me"}}"#)),
            ],
            nearMisses: [
                .policy(
                    .rule(condition: #"{"StringEquals": {"repo": "o/r"}}"#), .deny(#"{"Bool": {"pull_fork": true}}"#)),
                .policy(
                    .rule(condition: #"{"StringEquals": {"repo": "o/r"}}"#),
                    .deny(#"{"Bool": {"pull_fork": true}}"#, more: #", "issuer": "vela", "roles": ["\#(String.role)"]"#)
                ),
                .policy(
                    .rule(condition: #"{"StringEquals": {"repo": "o/r"}}"#),
                    .deny(#"{"StringLike": {"sub": ["*:event:pull_request", "*:event:comment"]}}"#)),
            ]),
        LintCase(
            .commentsPassForkGate,
            conditions: [
                #"{"StringEquals": {"repo": "o/r"}, "Bool": {"pull_fork": false}}"#,
                #"{"StringEquals": {"event": ["push", "comment:created"]}, "Bool": {"pull_fork": false}}"#,
                #"{"StringLike": {"sub": "repo:o/r:*", "event": "*"}, "StringNotEquals": {"pull_fork": "true"}}"#,
            ],
            nearMisses: [
                #"{"StringEquals": {"event": "push"}, "Bool": {"pull_fork": false}}"#,
                #"{"StringLike": {"event": ["push", "pull_request*"]}, "Bool": {"pull_fork": false}}"#,
                #"{"StringNotLike": {"event": "comment*"}, "Bool": {"pull_fork": false}}"#,
                #"{"StringEquals": {"ref": "refs/heads/main"}, "Bool": {"pull_fork": false}}"#,
                // There is no gate to pass: no-fork-gate says so.
                #"{"StringEquals": {"repo": "o/r"}}"#,
            ]),
        LintCase(
            .imageNotPinned,
            conditions: [
                #"{"StringLike": {"image": "*"}, "StringEquals": {"repo": "o/r"}}"#,
                #"{"StringLike": {"image": "*client*"}}"#, #"{"StringLike": {"image": "registry.example.com/*"}}"#,
                #"{"StringLike": {"image": "registry.example.com/client*"}}"#,
                #"{"StringLike": {"image": "registry:*/client:1"}}"#,
                #"{"StringLike": {"image": "registry:5000/team/*"}}"#, #"{"StringLike": {"image": "golang*"}}"#,
                #"{"StringLike": {"image": ["golang:1.*", "*golang:1"]}}"#,
            ],
            nearMisses: [
                #"{"StringLike": {"image": "golang:*"}}"#,
                #"{"StringLike": {"image": "registry:5000/team/client:1.*"}}"#,
                #"{"StringLike": {"image": "registry.example.com/client@sha256:*"}}"#,
                #"{"StringEquals": {"image": "whatever"}}"#,
                #"{"StringLike": {"image": "*:1.2"}, "StringEquals": {"image": "registry.example.com/client:1.2"}}"#,
            ]),
        LintCase(
            .anyStep,
            conditions: [
                #"{"StringEquals": {"repo": "o/r"}}"#,
                #"{"StringLike": {"image": "*"}, "StringEquals": {"repo": "o/r"}}"#,
                #"{"Bool": {"commands": true}}"#, #"{"StringNotLike": {"image": "evil*"}}"#,
            ],
            nearMisses: [
                #"{"Bool": {"commands": false}}"#, #"{"StringEquals": {"commands": "false"}}"#,
                #"{"StringEquals": {"image": "golang:1"}}"#,
            ]),
        LintCase(
            .anyStep, earning: [.policy(.rule(condition: #"{"StringEquals": {"repo": "o/r"}}"#))],
            nearMisses: [
                .policy(
                    .rule(condition: #"{"StringEquals": {"repo": "o/r"}}"#),
                    .deny(#"{"Bool": {"commands": true}}"#, more: #", "issuer": "vela""#))
            ]),
    ]
}
