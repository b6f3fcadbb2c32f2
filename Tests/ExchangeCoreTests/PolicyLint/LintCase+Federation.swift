@testable import ExchangeCore

/// The two modes side by side.
extension LintCase {
    private static let both = FederationPolicy.issuer(audiences: [FederationPolicy.gateway, FederationPolicy.aws])

    static let federation: [LintCase] = [
        LintCase(
            .forwardBesideIssuer,
            earning: [
                FederationPolicy.json(
                    FederationPolicy.rule(), FederationPolicy.rule("old", mode: "forward"), issuers: [both]),
                FederationPolicy.json(
                    FederationPolicy.rule("old", mode: "forward"), FederationPolicy.rule(role: "te*"), issuers: [both]),
                FederationPolicy.json(
                    FederationPolicy.rule(), FederationPolicy.rule("old", mode: "forward", role: "{repo_name}"),
                    issuers: [both]),
                // Another issuer's steps can go past the gateway as well.
                FederationPolicy.json(
                    FederationPolicy.rule(), FederationPolicy.rule("old", issuer: "second", mode: "forward"),
                    issuers: [FederationPolicy.issuer(), FederationPolicy.issuer("second", audiences: ["aws"])]),
            ],
            nearMisses: [
                FederationPolicy.json(
                    FederationPolicy.rule(), FederationPolicy.rule("old", mode: "forward", role: "other"),
                    issuers: [both]),
                FederationPolicy.json(FederationPolicy.rule(), FederationPolicy.rule("two")),
                .policy(.rule(), .rule("two")),
            ]),
        // The token's audience tells the two rules apart, so neither stands in the other's way.
        LintCase(
            .shadowedRule, earning: [],
            nearMisses: [
                FederationPolicy.json(
                    FederationPolicy.rule(), FederationPolicy.rule("old", mode: "forward"), issuers: [both])
            ]),
        LintCase(
            .laxerLaterRule, earning: [],
            nearMisses: [
                FederationPolicy.json(
                    FederationPolicy.rule(),
                    FederationPolicy.rule("old", mode: "forward", more: #", "max_duration": "6h""#), issuers: [both])
            ]),
    ]
}
