import ExchangeAPI

/// What is asked for, and where it goes.
extension OptionsReader {
    /// As the plugin before us.
    static let usualSessionName = "vela"

    /// One role, or those of `roles`; empty when there is a fault in either.
    mutating func roles() -> [RoleRequest] {
        let common = commonRequest()
        let profiles = "1 to 64 letters, digits and _.@+-, and not DEFAULT, which AWS's tools read as all profiles"
        let profile = value(.profile, expected: profiles, parse: Self.profile) ?? "default"
        guard let entry = settings[.roles] else {
            return role().map { [RoleRequest(profile: profile, request: common.asking(for: .init($0)))] } ?? []
        }
        for other in [Parameter.role, .profile] where settings[other] != nil {
            faults.append(Fault("roles and \(other.rawValue) exclude each other: set one of them"))
        }
        do throws(Fault) {
            return try RoleList(parsing: entry.text).entries.map {
                RoleRequest(profile: $0.profile, request: common.asking(for: $0))
            }
        } catch {
            let example = "write it as profile=ARN,profile=ARN, or as a map of profiles to ARNs"
            faults.append(Fault("roles (from \(entry.source)) \(error): \(example)"))
            return []
        }
    }

    /// What is asked for whatever the role.
    private mutating func commonRequest() -> CredentialsRequest {
        var request = CredentialsRequest(role: "")
        request.region = value(.region, expected: "a region such as us-west-2", parse: Self.region) ?? "us-east-1"
        request.durationSeconds = duration()
        request.sessionName =
            value(.roleSessionName, expected: "2 to 64 letters, digits and _+=,.@-", parse: Self.sessionName)
            ?? Self.usualSessionName
        let policies = "at most 10 policy ARNs, separated by commas or as a JSON array"
        request.managedSessionPolicies =
            value(.managedSessionPolicies, expected: policies, parse: PolicyList.parse) ?? []
        request.sessionPolicy = settings[.sessionPolicy]?.text
        request.inlineSessionPolicy = inlinePolicy().map(InlineSessionPolicy.text)
        request.verify = bool(.verify)
        if request.sessionPolicy != nil, request.inlineSessionPolicy != nil {
            faults.append(Fault("session_policy and inline_session_policy exclude each other: set one of them"))
        }
        return request
    }

    private mutating func role() -> String? {
        guard settings[.role] != nil else {
            faults.append(
                Fault(
                    "no role provided: set the parameter role to the ARN of the role, as in "
                        + "arn:aws:iam::123456123456:role/test"
                ))
            return nil
        }
        return value(.role, expected: "the ARN of a role, as in arn:aws:iam::123456123456:role/test", parse: Self.role)
    }

    /// nil leaves the duration to the gateway's rule: only what the user set is sent.
    private mutating func duration() -> Int? {
        if let entry = settings[.roleDurationSeconds], Int(entry.text) == 0 {
            faults.append(
                Fault(
                    "no role duration provided: role_duration_seconds is 0 (from \(entry.source)); "
                        + "set 900 to 43200, or leave it out"
                ))
            return nil
        }
        return value(.roleDurationSeconds, expected: "a number of seconds from 900 to 43200", parse: Self.roleDuration)
    }

    private mutating func inlinePolicy() -> String? {
        value(
            .inlineSessionPolicy,
            expected: "a JSON object. Vela replaces ${...} before the step sees it: write $$$${...}, or name a policy "
                + "kept on the gateway with session_policy"
        ) { PolicyList.isObject($0) ? $0 : nil }
    }

    mutating func script() -> Script? {
        let isWanted = bool(.scriptWrite)
        let names = ScriptFormat.names
        let formats = "one of them: only script formats of [\(names)] are supported"
        let asked = value(.scriptFormat, expected: formats, parse: ScriptFormat.init(rawValue:))
        let hasSeveral = settings[.roles] != nil
        if let asked, hasSeveral, asked != .credentialFile {
            faults.append(
                Fault("roles needs script_format: credential_file, which holds several, or a step for each role"))
        }
        let format = asked ?? (hasSeveral ? .credentialFile : .shell)
        let modes = "octal permissions such as 0600 or 0644, that let nobody but the owner write"
        let mode = value(.scriptMode, expected: modes, parse: FileMode.init(parsing:)) ?? .ownerOnly
        let path = value(.scriptPath, expected: "the path of a file") {
            $0.hasSuffix("/") || $0.utf8.contains(0) ? nil : $0
        }
        guard isWanted else { return nil }
        return Script(format: format, path: path ?? format.defaultPath(root: environment.root), mode: mode)
    }
}

extension CredentialsRequest {
    /// The same request for the role of `entry`, with what is set for that role.
    fileprivate func asking(for entry: RoleList.Entry) -> CredentialsRequest {
        var request = self
        request.role = entry.role
        request.region = entry.region ?? region
        request.durationSeconds = entry.durationSeconds ?? durationSeconds
        request.sessionName = entry.sessionName ?? sessionName
        return request
    }
}

extension RoleList.Entry {
    /// A role for which nothing is set besides.
    fileprivate init(_ role: String) { self.init(profile: "", role: role) }
}
