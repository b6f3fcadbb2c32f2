import ExchangeCore

extension ExplainForm {
    /// The form, filled with what is in it; `policy` names the issuers that can be chosen.
    func html(for policy: PolicySet) -> HTML {
        .element(
            .form, [.action("/explain"), .set(.method, "post"), .set(.autocomplete, "off")],
            [
                .paragraph([
                    "It asks the policy that decides now, by the engine of every exchange. It gives no credentials and writes no record."
                ]),
                area(
                    .claims, "Claims", rows: "10", isRequired: true,
                    "The payload of an ID token as JSON: what stands between its two dots, decoded. Never paste a token."
                ),
                Self.example,
                .element(
                    .fieldset, [],
                    [.element(.legend, [], ["What the step asks for"])] + [
                        input(
                            .role, "Role", "The ARN, such as arn:aws:iam::123456789012:role/deploy.", isRequired: true),
                        issuers(of: policy), fronts, input(.region, "Region", "Empty leaves it to the rule."),
                        input(.duration, "Duration in seconds", "900 to 43200. Empty leaves it to the rule."),
                        input(.sessionName, "Session name", "Empty leaves it to the rule."),
                        input(.sessionPolicy, "Session policy by name", "One that the policy keeps."),
                    ]),
                wholePolicies,
                .element(.button, [.set(.type, "submit")], ["Explain the decision"]),
            ])
    }

    /// Folded while there is nothing in it.
    private var wholePolicies: HTML {
        let isUsed = !(inlineSessionPolicy + managedSessionPolicies).isEmpty
        return .element(
            .details, isUsed ? [.set(.open)] : [],
            [
                .element(.summary, [], ["Session policies in full"]),
                area(.inlineSessionPolicy, "Inline session policy", rows: "6", "The JSON of an IAM policy."),
                area(.managedSessionPolicies, "Managed session policies", rows: "3", "One ARN a line."),
            ])
    }

    private static let example = HTML.element(
        .details, [],
        [
            .element(.summary, [], ["What claims look like"]),
            .element(
                .pre, [],
                [
                    """
                    {"sub": "repo:octo-org/octo-repo:ref:refs/heads/main:event:push",
                     "token_type": "ID", "repo": "octo-org/octo-repo", "build_number": 7,
                     "event": "push", "ref": "refs/heads/main", "actor": "octocat",
                     "image": "registry.example.com/vela-aws-credentials:1.0.0",
                     "commands": false, "pull_fork": false}
                    """
                ]),
            .paragraph(["A missing aud counts as the issuer's first audience."], "hint"),
        ])

    private func issuers(of policy: PolicySet) -> HTML {
        choice(.issuer, "Issuer", "Whose claims these are.", among: policy.issuers.map(\.name))
    }

    private var fronts: HTML {
        choice(.front, "Way in", "It counts for rules with one_use.", among: Front.exchanging.map(\.rawValue))
    }

    private func choice(_ field: Field, _ label: String, _ hint: String, among names: [String]) -> HTML {
        let options = names.map { name in
            let isChosen: [Attribute] = name == self[keyPath: field.path] ? [.set(.selected)] : []
            return HTML.element(.option, [.set(.value, name)] + isChosen, [.text(name)])
        }
        return Self.field(field, label, hint, .element(.select, Self.attributes(field), options))
    }

    private func input(_ field: Field, _ label: String, _ hint: String, isRequired: Bool = false) -> HTML {
        var attributes = Self.attributes(field, isRequired: isRequired)
        attributes += [.set(.type, "text"), .set(.value, self[keyPath: field.path]), .set(.spellcheck, "false")]
        if field == .duration { attributes.append(.set(.inputmode, "numeric")) }
        return Self.field(field, label, hint, .element(.input, attributes))
    }

    private func area(
        _ field: Field, _ label: String, rows: String, isRequired: Bool = false, _ hint: String
    ) -> HTML {
        let attributes =
            Self.attributes(field, isRequired: isRequired) + [.set(.rows, rows), .set(.spellcheck, "false")]
        let area = HTML.element(.textarea, attributes, [.editable(self[keyPath: field.path])])
        return Self.field(field, label, hint, area)
    }

    private static func attributes(_ field: Field, isRequired: Bool = false) -> [Attribute] {
        let name = field.rawValue
        return [.id(name), .set(.name, name), .set(.describedBy, "\(name)-hint")]
            + (isRequired ? [.set(.required)] : [])
    }

    private static func field(_ field: Field, _ label: String, _ hint: String, _ control: HTML) -> HTML {
        let name = field.rawValue
        // An ARN is longer than a column is wide.
        let classes: [Attribute] = field == .role ? [.cssClass("whole")] : []
        return .element(
            .div, classes,
            [
                .element(.label, [.set(.for, name)], [.text(label)]),
                .element(.p, [.cssClass("hint"), .id("\(name)-hint")], [.text(hint)]), control,
            ])
    }
}
