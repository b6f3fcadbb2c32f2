@testable import ExchangeCore

/// What rules give.
extension LintCase {
    static let operators: [LintCase] = [
        LintCase(
            .literalWildcard,
            earning: [
                .policy(.rule(condition: #"{"StringEquals": {"sub": "repo:o/r:*"}}"#)),
                .policy(.rule(condition: #"{"StringNotEqualsIfExists": {"custom_properties.x": ["a", "b?"]}}"#)),
                .policy(.deny(#"{"StringEqualsIgnoreCase": {"event": "pull_request*"}}"#)),
            ],
            nearMisses: [
                .policy(.rule(condition: #"{"StringLike": {"sub": "repo:o/r:*"}}"#)),
                .policy(.rule(condition: #"{"StringEquals": {"sub": "repo:o/r:ref:x:event:push"}}"#)),
            ]),
        LintCase(
            .absenceAdmits,
            conditions: [
                #"{"StringNotEquals": {"custom_properties.tier": "low"}}"#,
                #"{"StringEqualsIfExists": {"custom_properties.tier": "high"}}"#,
                #"{"Null": {"custom_properties.tier": true}}"#, #"{"StringNotLike": {"actor": "evil*"}}"#,
                #"{"NumericNotEquals": {"build_id": 1}}"#,
            ],
            nearMisses: [
                #"{"StringNotEquals": {"event": "push"}}"#, #"{"StringEqualsIfExists": {"image": "golang:1"}}"#,
                #"{"StringEquals": {"custom_properties.tier": "high"}}"#,
                #"{"Null": {"custom_properties.tier": false}}"#,
                #"{"Null": {"custom_properties.tier": false}, "StringNotEquals": {"custom_properties.tier": "low"}}"#,
                // Vela before v0.27 does not send it, and that meets no test.
                #"{"StringNotEquals": {"pull_fork": "true"}}"#, #"{"BoolIfExists": {"pull_fork": false}}"#,
                #"{"ForAllValues:StringEquals": {"custom_properties.tier": "high"}}"#,
            ]),
    ]

    static let roles: [LintCase] = [
        LintCase(
            .roleWildcard,
            earning: [
                .policy(.rule(roles: ["arn:aws:iam::123456123456:role/octo-*"])),
                .policy(.rule(roles: [.role, "arn:aws:iam::123456123456:role/ci-{repo_name}-?"])),
            ],
            nearMisses: [
                .policy(.rule(roles: ["arn:aws:iam::123456123456:role/ci-{repo_name}"])),
                .policy(.rule(), .deny(#"{"Bool": {"pull_fork": true}}"#, more: #", "roles": ["\#(String.role)*"]"#)),
            ]),
        LintCase(
            .roleFromAuthor,
            earning: [
                .policy(.rule(roles: ["arn:aws:iam::123456123456:role/deploy-{branch}"])),
                .policy(.rule(roles: ["arn:aws:iam::123456123456:role/{repo_name}-{image_tag}"])),
            ],
            nearMisses: [
                .policy(.rule(roles: ["arn:aws:iam::123456123456:role/{repo_org}-{custom_properties.team}"])),
                .policy(
                    .rule(
                        condition: #"{"StringEquals": {"branch": ["main", "stage"]}}"#,
                        roles: ["arn:aws:iam::123456123456:role/deploy-{branch}"])),
            ]),
        LintCase(
            .managedPolicyUnusable,
            earning: [
                .policy(.rule(more: #", "session_policy": {"managed": ["arn:aws:iam::999999999999:policy/x"]}"#)),
                .policy(
                    .rule(
                        roles: ["arn:aws:iam::123456123456:role/a-{repo_name}"],
                        more: #", "session_policy": {"managed": ["arn:aws-cn:iam::aws:policy/x"]}"#)),
            ],
            nearMisses: [
                .policy(
                    .rule(
                        more:
                            #", "session_policy": {"managed": ["arn:aws:iam::123456123456:policy/x", "arn:aws:iam::aws:policy/y"]}"#
                    )),
                .policy(
                    .rule(
                        roles: ["arn:aws:iam::123456123456:role/a-{repo_name}"],
                        more: #", "session_policy": {"managed": ["arn:aws:iam::123456123456:policy/x"]}"#)),
            ]),
    ]

    static let sessions: [LintCase] = [
        LintCase(
            .noSessionName,
            earning: [
                .policy(.rule(sessionName: nil)),
                .policy(.rule(condition: #"{"StringEquals": {"sub": "me"}}"#, sessionName: nil, issuer: "generic")),
            ],
            nearMisses: [.policy(.rule()), .policy(.rule(), .deny(#"{"Bool": {"pull_fork": true}}"#))]),
        LintCase(
            .sessionNameShared,
            earning: [
                .policy(.rule(sessionName: "{repo_org}.{repo_name}")),
                .policy(
                    .rule(
                        condition: #"{"StringLike": {"repo": "octo-org/*"}}"#, sessionName: "{repo_org}-{build_number}")
                ),
                .policy(
                    .rule(condition: #"{"StringLike": {"sub": "repo:octo-org/*"}}"#, sessionName: "b-{build_number}")),
                .policy(
                    .rule(condition: #"{"StringEquals": {"repo": ["a/x", "a/y"]}}"#, sessionName: "b-{build_number}")),
                .policy(.rule(sessionName: "vela")),
            ],
            nearMisses: [
                .policy(.rule()), .policy(.rule(sessionName: "deploy-{build_id}")),
                // The condition says which repository.
                .policy(.rule(sessionName: "b-{build_number}")),
                .policy(
                    .rule(condition: #"{"StringLike": {"sub": "repo:o/r:*"}}"#, sessionName: "b-{build_number}")),
                .policy(.rule(condition: #"{"StringEquals": {"sub": "me"}}"#, sessionName: "x", issuer: "generic")),
            ]),
        LintCase(
            .defaultWithoutCeiling,
            earning: [.policy(.rule(more: #", "session_policy": {"default": "read"}"#), sessionPolicies: policies)],
            nearMisses: [
                .policy(
                    .rule(more: #", "session_policy": {"default": "read", "ceiling": "read"}"#),
                    sessionPolicies: policies),
                .policy(.rule(more: #", "session_policy": {"named": ["read"]}"#), sessionPolicies: policies),
            ]),
    ]

    static let policies = """
        {"read": {"Version": "2012-10-17", "Statement": {"Effect": "Allow", "Action": "s3:Get*", "Resource": "*"}},
         "sts": {"Version": "2012-10-17", "Statement": {"Effect": "Allow", "Action": "sts:Assume*", "Resource": "*"}},
         "iam": {"Version": "2012-10-17", "Statement": {"Effect": "Allow", "Action": "IAM:P?ssRole", "Resource": "*"}},
         "all": {"Version": "2012-10-17", "Statement": {"Effect": "Allow", "Action": "*", "Resource": "*"}},
         "near": {"Version": "2012-10-17",
                  "Statement": {"Effect": "Allow", "Action": ["sts:Get*", "iam:Get*"], "Resource": "*"}},
         "but": {"Version": "2012-10-17", "Statement": [
                  {"Effect": "Allow", "Action": "*", "Resource": "*"},
                  {"Effect": "Deny", "NotAction": ["s3:*"], "Resource": "*"}]},
         "no": {"Version": "2012-10-17",
                "Statement": {"Effect": "Deny", "Action": ["iam:*", "sts:AssumeRole"], "Resource": "*"}},
         "few": {"Version": "2012-10-17",
                "Statement": {"Effect": "Deny", "Action": ["iam:*", "sts:*"], "Resource": "arn:aws:iam::1:role/a"}}}
        """

    static let sessionPolicies: [LintCase] =
        [LintKind.allowsAssumeRole, .allowsPassRole].map { kind in
            let own = kind == .allowsAssumeRole ? "sts" : "iam"
            return LintCase(
                kind,
                earning: [
                    #"{"ceiling": "\#(own)"}"#, #"{"ceiling": "all"}"#, #"{"default": "\#(own)"}"#,
                    #"{"named": ["read", "\#(own)"]}"#, #"{"named": ["all"], "always": ["few"]}"#,
                ].map { .policy(.rule(more: #", "session_policy": \#($0)"#), sessionPolicies: policies) },
                nearMisses: [
                    #"{"ceiling": "read"}"#, #"{"default": "near"}"#, #"{"named": ["but"]}"#,
                    #"{"ceiling": "all", "always": ["no"]}"#, #"{"always": ["no"]}"#,
                    #"{"default": "\#(kind == .allowsAssumeRole ? "iam" : "sts")"}"#,
                ].map { .policy(.rule(more: #", "session_policy": \#($0)"#), sessionPolicies: policies) })
        } + [
            LintCase(
                .unusedSessionPolicy, earning: [.policy(.rule(), sessionPolicies: policies)],
                nearMisses: [
                    .policy(
                        .rule(
                            more:
                                #", "session_policy": {"named": ["read", "sts", "iam", "near", "but"], "default": "all"}"#
                        ),
                        .rule("two", more: #", "session_policy": {"always": ["no", "few"]}"#), sessionPolicies: policies
                    )
                ])
        ]
}
