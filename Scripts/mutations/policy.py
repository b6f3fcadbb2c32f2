"""Each check of the policy, and what removes it."""

CORE = "Sources/ExchangeCore/"
POLICY = CORE + "Policy/"
FEDERATION = CORE + "Federation/"
EMERGENCY = CORE + "Emergency/"

# (file, what is there, what to put instead)
MUTATIONS = [
    (POLICY + "ClaimTest.swift", "case .unknown: .unknown", "case .unknown: .absent"),
    (POLICY + "ClaimTest.swift", "case .unfit: .unfit", "case .unfit: .absent"),
    (POLICY + "ClaimTest.swift", "if values.isEmpty { return verdictOfNothing }", ""),
    (POLICY + "ClaimTest.swift", "guard let isMatch = matcher.matches(value) else { return .unfit }", "let isMatch = matcher.matches(value) ?? false"),
    (POLICY + "ClaimTest.swift", "case .forAnyValue: return matches.contains(!isNegated)", "case .forAnyValue: return matches.contains(true) != isNegated"),
    (POLICY + "ClaimTest.swift", "case .forAllValues: return !matches.contains(isNegated)", "case .forAllValues: return matches.contains(!isNegated)"),
    (POLICY + "ClaimTest.swift", "case nil: return matches.contains(true) != isNegated", "case nil: return matches.contains(!isNegated)"),
    (POLICY + "ClaimTest.swift", "case .forAllValues: return .empty", "case .forAllValues: return .met"),
    (POLICY + "ClaimTest.swift", "case .empty, .unknown, .unfit: effect == .deny", "case .empty, .unknown, .unfit: false"),
    (POLICY + "ClaimTest.swift", "case .empty, .unknown, .unfit: effect == .deny", "case .empty, .unknown, .unfit: true"),
    (POLICY + "ClaimTest.swift", "case .notMet, .absent: false", "case .notMet, .absent: effect == .deny"),
    (POLICY + "Decimal.swift", "(1...18).contains(whole.count)", "(1...19).contains(whole.count)"),
    (POLICY + "Decimal.swift", "(1...9).contains(fraction.count)", "(1...10).contains(fraction.count)"),
    (POLICY + "ConditionOperator.swift", "guard comparison != .null || (quantifier == nil && !isIfExists) else { return nil }", ""),
    (POLICY + "ConditionReader.swift", "guard !tests.isEmpty, tests.allSatisfy(\\.constrainsNothing) else {", "guard false else {"),
    (POLICY + "ConditionReader.swift", "if Self.holdsVariable(text) {", "if false {"),
    (POLICY + "ConditionReader.swift", "guard text.utf8.count <= Self.longestValue else {", "guard true else {"),
    (POLICY + "ConditionReader.swift", "return values.count == nodes.count ? values : nil", "return values"),
    (POLICY + "RolePattern.swift", "guard role.partition == partition, role.account == account, let filled", "guard role.partition == partition, let filled"),
    (POLICY + "RolePattern.swift", "guard role.partition == partition, role.account == account, let filled", "guard role.account == account, let filled"),
    (POLICY + "RolePattern.swift", ", Self.isFit(value) else { return nil }", " else { return nil }"),
    (POLICY + "RolePattern.swift", 'value.utf8.allSatisfy { $0.isRoleCharacter && !"=,".utf8.contains($0) }', "value.utf8.allSatisfy(\\.isRoleCharacter)"),
    (POLICY + "MappingReader+Rule.swift", "if isDeny, !pattern.claims.isEmpty {", "if false {"),
    (POLICY + "MappingReader+Observe.swift", "guard moment - now <= Self.longestObservation else {", "guard true else {"),
    (POLICY + "RuleBook.swift", "if let deny = binding.first(where: { !$0.isObserved(at: now) }) {", "if let deny = binding.first(where: { !$0.isObserved(at: now) && false }) {"),
    (POLICY + "RuleBook.swift", "if let deny = binding.first(where: { !$0.isObserved(at: now) }) {", "if let deny = binding.first {"),
    (POLICY + "RuleBook.swift", "for rule in observed where rule.isObserved(at: now) {", "for rule in observed {"),
    (POLICY + "RuleBook.swift", "rules.compactMap(\\.allow).filter { $0.issuer == issuer }", "rules.compactMap(\\.allow)"),
    (POLICY + "RuleBook.swift", "$0.issuer == nil || $0.issuer == issuer", "$0.issuer == issuer"),
    (POLICY + "RuleBook.swift", "$0.issuer == nil || $0.issuer == issuer", "$0.issuer != \"\""),
    (POLICY + "RuleIndex.swift", "guard !conditionOperator.isIfExists, conditionOperator.quantifier != .forAllValues else", "guard conditionOperator.quantifier != .forAllValues else"),
    (POLICY + "RuleIndex.swift", "guard !conditionOperator.isIfExists, conditionOperator.quantifier != .forAllValues else", "guard !conditionOperator.isIfExists else"),
    (POLICY + "RuleIndex.swift", "let doubtful = effect == .deny ? all : []", "let doubtful: [Int] = []"),
    (POLICY + "RuleIndex.swift", "guard !fronts.contains([]) else { return nil }", ""),
    (POLICY + "PrefixTable.swift", "isPrefix = isPrefix || text.starts(with: entries[index].prefix)", "isPrefix = true"),
    (POLICY + "AllowRule+Terms.swift", "guard roles.contains(request.role, for: claims) else {", "guard true else {"),
    (POLICY + "AllowRule+Terms.swift", "guard asked <= maximumDuration else {", "guard true else {"),
    (POLICY + "AllowRule+Terms.swift", "return min(Self.standardDuration, maximumDuration)", "return maximumDuration"),
    (POLICY + "AllowRule+Terms.swift", ", regions.isEmpty || regions.contains(region) else {", " else {"),
    (POLICY + "AllowRule+Terms.swift", "region.partition == request.role.partition, regions", "regions"),
    (POLICY + "PolicyRule.swift", "if let roles, !roles.contains(role, for: claims) { return false }", ""),
    (POLICY + "PolicyRule.swift", "if let regions, let region, !regions.contains(region) { return false }", ""),
    (POLICY + "Grant.swift", "$0.name == token.issuer && $0.url.hasSameBytes(as: token.issuerURL)", "$0.name == token.issuer"),
    (POLICY + "SessionPolicyTerms.swift", "        try checkManaged(request, rule: rule)\n", ""),
    (POLICY + "SessionPolicyTerms.swift", "if let excess = ceiling?.excess(of: document) {", "if let excess = ceiling?.excess(of: document), false {"),
    (POLICY + "SessionPolicyTerms.swift", "request.managedPolicies.isEmpty ? baseWithoutWish : nil", "baseWithoutWish"),
    (POLICY + "SessionPolicyTerms.swift", "standard ?? ceiling?.document", "standard"),
    (POLICY + "SessionPolicyTerms.swift", "guard arn.isUsable(with: request.role) else {", "guard true else {"),
    (POLICY + "SessionPolicyTerms.swift", "try SessionPolicyComposition.check(document, managedARNs: request.managedPolicies)", "try SessionPolicyComposition.check(nil, managedARNs: request.managedPolicies)"),
    (POLICY + "SessionPolicyTermsReader.swift", "            checkWithin(terms.ceiling, entry)\n", ""),
    (POLICY + "SessionPolicyTermsReader.swift", 'if let managed = reader["managed"] {', 'if let managed = reader["managed"], false {'),
    (POLICY + "SessionPolicyTermsReader.swift", "        checkSizes(of: terms, at: node.position)\n", ""),
    (CORE + "SessionPolicy/SessionPolicyComposition.swift", "hasManagedPolicies ? denies : [.allowAll] + denies", "[.allowAll] + denies"),
    (CORE + "SessionPolicy/SessionPolicyComposition.swift", "hasManagedPolicies ? denies : [.allowAll] + denies", "denies"),
    (CORE + "SessionPolicy/AlwaysPolicy.swift", "guard statement.effect == .deny else {", "guard true else {"),
    (CORE + "SessionPolicy/CeilingStatement.swift", "guard statement.effect == .allow else {", "guard true else {"),
    # Issuer mode.
    (POLICY + "ClaimTemplate.swift", "if let fault = bounds.fault(in: text) { throw", "if let fault = bounds.fault(in: text), false { throw"),
    (POLICY + "ClaimTemplate.swift", "guard values.count < 2 || readings(of: text) == 1 else", "guard true else"),
    (POLICY + "AllowRule+Terms.swift", "        try checkAudience(in: claims)\n", ""),
    (FEDERATION + "FederationSettlement.swift", "!subject.filledFront.hasPrefix(rule.issuer + \":\")", "false"),
    (FEDERATION + "FederationSettlement.swift", "guard !isMet else { return }", "guard false else { return }"),
    (FEDERATION + "FederationSettlement.swift", "$0.isAudienceOfAWS == (mode == .forward)", "!$0.isEmpty"),
    (FEDERATION + "FederationReader.swift", "            reportStrayTemplates()\n", ""),
    (FEDERATION + "FederationReader.swift", "forKey: entry.key.lowercased()", "forKey: entry.key"),
    (FEDERATION + "FederationReader.swift", "if entries.count > SessionTag.most {", "if false {"),
    (FEDERATION + "SessionTag+Limits.swift", "key.lowercased().hasPrefix(\"aws:\")", "key.hasPrefix(\"aws:\")"),
    (POLICY + "PolicySet.swift", "$0.isDisabled && $0.name == issuer", "false && $0.name == issuer"),
    (POLICY + "PolicySet+Losses.swift", "issuer.isDisabled && newer", "false && newer"),
    (EMERGENCY + "EmergencyDeny.swift", "if deniesAll { return Self.all }", ""),
    (EMERGENCY + "EmergencyDeny.swift", " || $0.hasSameBytes(as: issuerURL)", ""),
    (EMERGENCY + "EmergencyDeny.swift", "return isOfIssuer && rule.binds", "return rule.binds"),
    (EMERGENCY + "EmergencyCompiler.swift", "guard log.faults.isEmpty, let deny else {", "guard let deny else {"),
    (EMERGENCY + "EmergencyCompiler.swift", "if !text.hasSameBytes(as: EmergencyDeny.all) {", "if false {"),
    (EMERGENCY + "EmergencyCompiler.swift", "        checkEffect(reader)\n", ""),
    (EMERGENCY + "EmergencyCompiler.swift", "guard !name.hasSameBytes(as: EmergencyDeny.all) else {", "guard true else {"),
]

# Mutations that change nothing a caller can see.
REDUNDANT = {
    "(1...18).contains(whole.count)": "27 digits in all are the bound of the number itself",
    "guard !fronts.contains([]) else { return nil }": "an empty front is the front of every text, so the index still finds the rule",
    "isPrefix = isPrefix || text.starts(with: entries[index].prefix)": "more candidates are tried, and none is lost",
    "return values.count == nodes.count ? values : nil": "the faulty value is reported, so the policy does not load",
}

FILTER = (
    "ConditionOracleTests|DenyRuleTests|GrantTests|ObserveTests|PolicyDecisionTests|PolicyFaultTests|PolicySchemaTests|RolePatternTests|"
    "RuleIndexTests|SessionPolicy.*Tests|AlwaysPolicyTests|WildcardTests|SessionNameTemplateTests|ClaimTestTests|Federation.*Tests|"
    "DisabledIssuerTests|EmergencyDenyTests"
)
