import ExchangeCore

extension GatewayConfiguration {
    /// Throws what the settings name and the policy does not have.
    ///
    /// It is asked at start and by check-config. A policy that loses a name later does not stop a running gateway: the rule then
    /// refuses what the profile asks for, in words that name it.
    func check(_ policy: PolicySet) throws(StartFailure) {
        let names = policy.sessionPolicyNames
        let choice = names.isEmpty ? "it keeps none" : "it keeps \(names.joined(separator: ", "))"
        var faults = stsProfiles.sorted { $0.key < $1.key }.compactMap { name, profile -> String? in
            guard let wanted = profile.sessionPolicy, !names.contains(wanted) else { return nil }
            return "sts_profiles.\(name).session_policy: the policy keeps no session policy '\(wanted)'; \(choice)"
        }
        // Such a token would be good for a second one: the gateway's are for STS alone.
        if let issuer, policy.issuers.contains(where: { $0.url == issuer.url.description }) {
            faults.append(
                "issuer_url: the policy takes tokens of \(issuer.url), the gateway's own; remove that issuer from it")
        }
        guard faults.isEmpty else { throw StartFailure(faults.joined(separator: "\n")) }
    }
}
