import ExchangeCore

extension Settings {
    /// The setting `sts_profiles`: names with the defaults that `/sts/<name>` stands for.
    mutating func stsProfiles() -> [String: STSProfile] {
        let expected =
            "a mapping in the configuration file, of each profile's name to session_policy, duration or region"
        var profiles: [String: STSProfile] = [:]
        for name in names(in: "sts_profiles", expected: expected) { profiles[name] = stsProfile(name) }
        return profiles
    }

    private mutating func stsProfile(_ name: String) -> STSProfile {
        let key = "sts_profiles.\(name)"
        let faultsBefore = faults.count
        if !STSProfile.isName(name) {
            report("\(key): a profile's name must be 1 to 64 letters, digits, _ and -")
        }
        _ = names(in: key, expected: "a mapping with session_policy, duration or region")
        let profile = STSProfile(
            sessionPolicy: string("\(key).session_policy"),
            duration: duration("\(key).duration", in: .seconds(900)...Duration.seconds(43_200)),
            region: value("\(key).region", expected: "the name of an AWS region, such as us-east-1") {
                Region(parsing: $0)
            })
        if profile == STSProfile(), faults.count == faultsBefore {
            report("\(key): sets nothing; give it session_policy, duration or region")
        }
        return profile
    }
}
