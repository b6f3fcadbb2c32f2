@testable import ExchangeCore

/// Which rules are reached, and in which order.
extension LintCase {
    private static let general = #"{"StringEquals": {"repo": "octo-org/octo-repo"}}"#
    private static let special = #"{"StringEquals": {"repo": "octo-org/octo-repo", "event": "push"}}"#
    private static let subject = #"{"StringLike": {"sub": "repo:octo-org/octo-repo:*:event:push"}}"#

    static let pairs: [LintCase] = [
        LintCase(
            .laxerLaterRule,
            earning: [
                .policy(.rule(condition: special), .rule("two", condition: general, more: #", "max_duration": "6h""#)),
                .policy(.rule(condition: general), .rule("two", condition: general, more: #", "max_duration": "6h""#)),
                .policy(.rule(condition: subject), .rule("two", condition: general, more: #", "max_duration": "6h""#)),
                .policy(
                    .rule(condition: special, roles: ["arn:aws:iam::123456123456:role/t*"]),
                    .rule("two", condition: general, more: #", "max_duration": "6h""#)),
                .policy(
                    .rule(condition: special, more: #", "regions": ["us-east-1"]"#), .rule("two", condition: general)),
                .policy(
                    .rule(condition: special, more: #", "regions": ["us-east-1"]"#),
                    .rule("two", condition: general, more: #", "regions": ["us-east-1", "us-west-2"]"#)),
                .policy(
                    .rule(condition: special, more: #", "session_policy": {"ceiling": "read"}"#),
                    .rule("two", condition: general), sessionPolicies: policies),
                .policy(
                    .rule(condition: special, more: #", "session_policy": {"ceiling": "read"}"#),
                    .rule("two", condition: general, more: #", "session_policy": {"ceiling": "all"}"#),
                    sessionPolicies: policies),
                .policy(
                    .rule(condition: special, more: #", "session_policy": {"always": ["no"]}"#),
                    .rule("two", condition: general), sessionPolicies: policies),
                .policy(
                    .rule(condition: special),
                    .rule(
                        "two", condition: general, roles: ["arn:aws:iam::123456123456:role/t*"],
                        more: #", "max_duration": "6h""#)),
            ],
            nearMisses: [
                // Who comes by the second rule alone is meant to have more.
                .policy(.rule(condition: general), .rule("two", condition: special, more: #", "max_duration": "6h""#)),
                .policy(.rule(condition: special, more: #", "max_duration": "6h""#), .rule("two", condition: general)),
                .policy(
                    .rule(condition: special),
                    .rule(
                        "two", condition: #"{"StringEquals": {"repo": "octo-org/octo-repo", "event": "tag"}}"#,
                        more: #", "max_duration": "6h""#)),
                .policy(
                    .rule(condition: special),
                    .rule("two", condition: general, roles: [.role + "2"], more: #", "max_duration": "6h""#)),
                .policy(
                    .rule(condition: #"{"StringEquals": {"sub": "me"}}"#, issuer: "generic"),
                    .rule("two", condition: #"{"StringEquals": {"sub": "me"}}"#, more: #", "max_duration": "6h""#)),
            ]),
        LintCase(
            .shadowedRule,
            earning: [
                .policy(.rule(condition: general), .rule("two", condition: special)),
                .policy(.rule(condition: general), .rule("two", condition: subject)),
                .policy(
                    .rule(
                        condition: general, roles: ["arn:aws:iam::123456123456:role/*"],
                        more: #", "max_duration": "2h""#),
                    .rule("two", condition: general, roles: [.role, "arn:aws:iam::123456123456:role/{repo_name}"])),
                .policy(.rule(), .rule("two", more: #", "regions": ["us-east-1"]"#)),
            ],
            nearMisses: [
                .policy(.rule(condition: special), .rule("two", condition: general)),
                .policy(.rule(condition: general), .rule("two", condition: special, more: #", "max_duration": "6h""#)),
                .policy(.rule(condition: general), .rule("two", condition: special, roles: [.role, .role + "2"])),
                .policy(.rule(more: #", "regions": ["us-east-1"]"#), .rule("two")),
                .policy(
                    .rule(), .rule("two", more: #", "session_policy": {"ceiling": "read"}"#), sessionPolicies: policies),
                .policy(
                    .rule(roles: ["arn:aws:iam::123456123456:role/{repo_name}"]),
                    .rule("two", roles: ["arn:aws:iam::123456123456:role/octo-repo"])),
            ]),
    ]

    static let reach: [LintCase] = [
        LintCase(
            .neverMatches,
            conditions: [
                #"{"StringEquals": {"event": "push"}, "StringLike": {"event": "pull_request*"}}"#,
                #"{"StringEquals": {"event": "push"}, "StringNotEquals": {"event": "push"}}"#,
                #"{"StringLike": {"ref": "refs/heads/*"}, "StringNotLike": {"ref": "refs/*"}}"#,
                #"{"StringLike": {"ref": "refs/heads/*", "event": "push"}, "ForAllValues:StringLike": {"ref": "refs/tags/*"}}"#,
                #"{"Bool": {"commands": true}, "StringEquals": {"commands": "false"}}"#,
                #"{"Bool": {"custom_properties.a": true}, "Null": {"custom_properties.a": true}}"#,
                #"{"Null": {"event": true}}"#, #"{"Null": {"pull_fork": true}, "StringEquals": {"repo": "o/r"}}"#,
                #"{"NumericLessThan": {"build_number": 5}, "NumericGreaterThanEquals": {"build_number": 5}}"#,
                #"{"NumericEquals": {"build_number": [1, 2]}, "NumericGreaterThan": {"build_number": 2}}"#,
                #"{"DateLessThan": {"iat": "2025-01-01"}, "DateGreaterThan": {"iat": "2026-01-01"}}"#,
                #"{"StringEquals": {"repo": "octo-org/app"}, "StringLike": {"sub": "repo:octo-org/other:*"}}"#,
                #"{"StringEquals": {"event": "push"}, "StringLike": {"sub": "repo:o/r:*:event:tag"}}"#,
                #"{"StringLike": {"ref": "refs/heads/*", "sub": "repo:o/r:ref:refs/tags/*:event:*"}}"#,
                #"{"StringLike": {"sub": "octo-org/app:*"}}"#, #"{"StringEquals": {"sub": "repo:o/r"}}"#,
                #"{"StringEquals": {"repo": "o/r", "repo_org": "octo"}}"#,
                #"{"ForAllValues:StringEquals": {"custom_properties.a": "x"}, "StringEquals": {"custom_properties.a": "y"}}"#,
            ],
            nearMisses: [
                .soundCondition, #"{"StringEquals": {"event": ["push", "tag"]}, "StringLike": {"event": "p*"}}"#,
                #"{"StringLike": {"ref": ["refs/heads/*", "refs/tags/*"], "sub": "repo:o/r:ref:refs/tags/*:event:*"}}"#,
                // A property may be a list, of which one value meets this test and another that.
                #"{"StringEquals": {"custom_properties.a": "x"}, "StringLike": {"custom_properties.a": "y*"}}"#,
                #"{"StringEquals": {"custom_properties.a": "x"}, "ForAnyValue:StringNotEquals": {"custom_properties.a": "x"}}"#,
                #"{"StringEqualsIfExists": {"actor": "a"}, "StringNotEquals": {"actor": "a"}}"#,
                #"{"StringLike": {"event": "*ed", "sub": "repo:o/r:*:event:pull_request"}}"#,
                #"{"Null": {"custom_properties.a": true}, "StringEqualsIfExists": {"custom_properties.a": "x"}}"#,
                #"{"NumericLessThanEquals": {"build_number": 5}, "NumericGreaterThanEquals": {"build_number": 5}}"#,
                #"{"NumericEquals": {"build_number": [1, 2]}, "NumericGreaterThan": {"build_number": 1}}"#,
                #"{"StringEquals": {"event": "pull_request:opened"}, "StringLike": {"sub": "repo:o/r:*:event:pull_request"}}"#,
                #"{"StringLike": {"event": "pull_request*", "sub": "repo:o/r:*:event:pull_request"}}"#,
                #"{"StringEquals": {"repo": "octo-org/app", "repo_org": "octo-org", "repo_name": "app"}}"#,
                #"{"StringNotLike": {"sub": "*:event:comment"}, "StringEquals": {"event": "push"}}"#,
            ]),
        LintCase(
            .idleDeny,
            earning: [
                .policy(.rule(), .deny(#"{"StringEquals": {"event": "push"}, "StringLike": {"event": "tag"}}"#))
                    .replacing(PolicySet.twoIssuers, with: String.velaAlone),
                .policy(.rule(), .deny(#"{"StringLike": {"sub": "octo-org/*"}}"#, more: #", "issuer": "vela""#)),
                .policy(.rule(), .deny(#"{"Bool": {"pull_fork": true}}"#, more: #", "roles": ["\#(String.role)2"]"#)),
                .policy(
                    .rule(), .deny(#"{"Bool": {"pull_fork": true}}"#, more: #", "roles": ["\#(String.role)?*"]"#)),
            ],
            nearMisses: [
                .policy(.rule(), .deny(#"{"Bool": {"pull_fork": true}}"#)),
                .policy(.rule(), .deny(#"{"Bool": {"pull_fork": true}}"#, more: #", "roles": ["\#(String.role)*"]"#)),
                // An unknown or unfit claim meets a deny, so such a condition may bind.
                .policy(.rule(), .deny(#"{"Bool": {"pull_fork": true}, "StringEquals": {"pull_fork": "false"}}"#)),
                .policy(.rule(), .deny(#"{"StringEquals": {"event": "push"}, "StringLike": {"event": "tag"}}"#)),
                .policy(
                    .rule(roles: ["arn:aws:iam::123456123456:role/{repo_name}"]),
                    .deny(#"{"Bool": {"pull_fork": true}}"#, more: #", "roles": ["\#(String.role)"]"#)),
            ]),
        LintCase(
            .observeActive,
            earning: [
                .policy(.rule(more: #", "observe": {"until": "2026-01-09"}"#)),
                .policy(
                    .rule(), .deny(#"{"Bool": {"pull_fork": true}}"#, more: #", "observe": {"until": "2026-01-09"}"#)),
            ],
            nearMisses: [.policy(.rule()), .policy(.rule(more: #", "observe": {"until": "2026-01-01"}"#))]),
        LintCase(
            .observeEnded,
            earning: [
                .policy(.rule(more: #", "observe": {"until": "2026-01-01"}"#)),
                .policy(
                    .rule(), .deny(#"{"Bool": {"pull_fork": true}}"#, more: #", "observe": {"until": "2025-12-09"}"#)),
            ],
            nearMisses: [.policy(.rule()), .policy(.rule(more: #", "observe": {"until": "2026-01-09"}"#))]),
    ]

    static let issuers: [LintCase] = [
        LintCase(
            .issuerDisabled,
            earning: [.policy(.rule(), issuers: .velaAlone.replacing("}]", with: #", "disabled": true}]"#))],
            nearMisses: [
                .policy(.rule(), issuers: .velaAlone),
                .policy(.rule(), issuers: .velaAlone.replacing("}]", with: #", "disabled": false}]"#)),
            ]),
        LintCase(
            .issuerWithoutRule,
            earning: [
                .policy(.rule()),
                .policy(.deny(#"{"Bool": {"pull_fork": true}}"#, more: #", "issuer": "vela""#), issuers: .velaAlone),
            ],
            nearMisses: [.policy(.rule(), issuers: .velaAlone)]),
        LintCase(
            .absentPullForkTrusted,
            earning: [.policy(.rule(), issuers: .velaAlone.replacing("}]", with: #", "absent_pull_fork": false}]"#))],
            nearMisses: [.policy(.rule(), issuers: .velaAlone)]),
        LintCase(
            .plaintextKeys,
            earning: [.policy(.rule(), issuers: .velaAlone.replacing("}]", with: #", "allow_plaintext": true}]"#))],
            nearMisses: [
                .policy(.rule(), issuers: .velaAlone),
                .policy(.rule(), issuers: .velaAlone.replacing("}]", with: #", "allow_plaintext": false}]"#)),
            ]),
    ]
}
