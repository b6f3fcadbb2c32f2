import ClientHTTP
import ExchangeAPI
import Secrets

/// Turns settings into options, and collects what is wrong with them.
struct OptionsReader {
    private let settings: Settings
    private let environment: ClientEnvironment
    private(set) var faults: [Fault]

    init(_ settings: Settings, environment: ClientEnvironment) {
        self.settings = settings
        self.environment = environment
        faults = settings.faults
    }

    /// A value as `parse` reads it; nil when it is not set, or not fit, which is a fault. `expected` follows "must be".
    private mutating func value<Value>(_ parameter: Parameter, expected: String, parse: (String) -> Value?) -> Value? {
        guard let entry = settings[parameter] else { return nil }
        let value = parse(entry.text)
        if value == nil { refuse(parameter, entry, expected: expected) }
        return value
    }

    private mutating func refuse(_ parameter: Parameter, _ entry: Settings.Entry, expected: String) {
        let shown = Printable.quote(entry.text, hiding: [])
        faults.append(Fault("\(parameter.rawValue) is '\(shown)' (from \(entry.source)) and must be \(expected)"))
    }

    private mutating func bool(_ parameter: Parameter) -> Bool {
        let value: Bool? = value(parameter, expected: "true or false") { text in
            // Go's ParseBool, as the plugin before us.
            switch text {
            case "1", "t", "T", "TRUE", "true", "True": true
            case "0", "f", "F", "FALSE", "false", "False": false
            default: nil
            }
        }
        return value ?? false
    }
}

extension OptionsReader {
    /// The level and format of the log: read first, because the faults are told through it.
    mutating func log() -> Log {
        let levels = Log.Level.allCases.map(\.rawValue).joined(separator: ", ")
        let level = value(.logLevel, expected: "one of \(levels)") { Log.Level(rawValue: $0.lowercased()) }
        let format = value(.logFormat, expected: "text or json") { Log.Format(rawValue: $0.lowercased()) }
        return Log(threshold: level ?? .info, format: format ?? .text, environment: environment)
    }

    /// The options; nil when there are faults.
    mutating func options() -> Options? {
        let vela = vela()
        let gatewayURL = gatewayURL()
        let audience = value(.audience, expected: "one audience, visible ASCII without commas") {
            Self.isVisible($0) && !$0.utf8.contains(UInt8(ascii: ",")) ? $0 : nil
        }
        let timeout = value(.timeout, expected: "1 s to 1 h, as 60, 90s or 2m", parse: Self.duration)
        let request = request()
        let script = script()
        guard faults.isEmpty, let vela, let gatewayURL, let request else { return nil }
        let bundle = environment.variable("SSL_CERT_FILE")
        return Options(
            vela: vela, audience: audience ?? "sts.amazonaws.com", gatewayURL: gatewayURL,
            gatewayTrust: Trust(bundle: bundle, extra: settings[.gatewayCA]?.text), velaTrust: Trust(bundle: bundle),
            timeout: timeout ?? .seconds(60), request: request, script: script, warnings: warnings(vela, gatewayURL))
    }

    private func warnings(_ vela: Options.Vela, _ gatewayURL: HTTPURL) -> [String] {
        var warnings: [String] = []
        if gatewayURL.scheme == .http, !gatewayURL.host.isLoopback {
            warnings.append(
                "allow_plaintext is set: the ID token and the credentials cross the network to \(gatewayURL.origin) unencrypted"
            )
        }
        if vela.requestURL.scheme == .http, !vela.requestURL.host.isLoopback {
            warnings.append(
                "Vela's address \(vela.requestURL.origin) is http: the request token crosses the network unencrypted; "
                    + "ask Vela's administrator for https")
        }
        return warnings
    }

    private mutating func vela() -> Options.Vela? {
        let url = velaURL()
        guard let text = environment.variable("VELA_ID_TOKEN_REQUEST_TOKEN") else {
            faults.append(
                Fault(
                    "no request token provided - make sure you have set `id_request: yes` in the step. "
                        + "If it is set: Vela's Kubernetes runtime gives steps an empty request token "
                        + "(VELA_ID_TOKEN_REQUEST_TOKEN); there, use this image as a secret origin, or run the build on the Docker runtime"
                ))
            return nil
        }
        let token = Secret(text)
        guard ClientHTTPRequest.isFitForHeader(token) else {
            faults.append(
                Fault(
                    "the request token VELA_ID_TOKEN_REQUEST_TOKEN holds a character no token has: do not set it yourself"
                ))
            return nil
        }
        return url.map { Options.Vela(requestURL: $0, requestToken: token) }
    }

    private mutating func velaURL() -> HTTPURL? {
        guard let text = environment.variable("VELA_ID_TOKEN_REQUEST_URL") else {
            faults.append(
                Fault(
                    "no request token url provided: Vela sets VELA_ID_TOKEN_REQUEST_URL in every step; "
                        + "run this as a step of a Vela build"))
            return nil
        }
        do throws(HTTPURL.Fault) {
            return try HTTPURL(parsing: text)
        } catch {
            faults.append(Fault("the request token url VELA_ID_TOKEN_REQUEST_URL \(error): do not set it yourself"))
            return nil
        }
    }

    private mutating func gatewayURL() -> HTTPURL? {
        let mayBePlain = bool(.allowPlaintext)
        guard let entry = settings[.gatewayURL] else {
            faults.append(
                Fault(
                    "no gateway url provided: set the parameter gateway_url to the gateway's address, as in https://vela-aws-gateway.example.com"
                ))
            return nil
        }
        let url: HTTPURL
        do throws(HTTPURL.Fault) {
            url = try HTTPURL(parsing: entry.text)
        } catch {
            faults.append(
                Fault("gateway_url (from \(entry.source)) \(error): write it as https://vela-aws-gateway.example.com"))
            return nil
        }
        if url.hasQuery { refuse(.gatewayURL, entry, expected: "an address without a query ('?')") }
        if url.scheme == .http, !url.host.isLoopback, !mayBePlain {
            refuse(
                .gatewayURL, entry, expected: "https, because a token goes there (allow_plaintext: true permits http)")
        }
        return url
    }
}

extension OptionsReader {
    private mutating func request() -> CredentialsRequest? {
        let role = role()
        var request = CredentialsRequest(role: role ?? "")
        request.region = value(.region, expected: "a region such as us-west-2", parse: Self.region) ?? "us-east-1"
        request.durationSeconds = duration()
        request.sessionName =
            value(.roleSessionName, expected: "2 to 64 letters, digits and _+=,.@-", parse: Self.sessionName) ?? "vela"
        let policies = "at most 10 policy ARNs, separated by commas or as a JSON array"
        request.managedSessionPolicies =
            value(.managedSessionPolicies, expected: policies, parse: PolicyList.parse) ?? []
        request.sessionPolicy = settings[.sessionPolicy]?.text
        request.inlineSessionPolicy = inlinePolicy().map(InlineSessionPolicy.text)
        request.verify = bool(.verify)
        if request.sessionPolicy != nil, request.inlineSessionPolicy != nil {
            faults.append(Fault("session_policy and inline_session_policy exclude each other: set one of them"))
        }
        return role == nil ? nil : request
    }

    private mutating func role() -> String? {
        guard settings[.role] != nil else {
            faults.append(
                Fault(
                    "no role provided: set the parameter role to the ARN of the role, as in arn:aws:iam::123456123456:role/test"
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
                    "no role duration provided: role_duration_seconds is 0 (from \(entry.source)); set 900 to 43200, or leave it out"
                ))
            return nil
        }
        return value(.roleDurationSeconds, expected: "a number of seconds from 900 to 43200") { text in
            Int(text).flatMap { (900...43_200).contains($0) ? $0 : nil }
        }
    }

    private mutating func inlinePolicy() -> String? {
        value(
            .inlineSessionPolicy,
            expected: "a JSON object. Vela replaces ${...} before the step sees it: write $$$${...}, or name a policy "
                + "kept on the gateway with session_policy"
        ) { PolicyList.isObject($0) ? $0 : nil }
    }

    private mutating func script() -> Options.Script? {
        let isWanted = bool(.scriptWrite)
        let formats = "shell or credential_file: only script formats of [shell credential_file] are supported"
        let format = value(.scriptFormat, expected: formats, parse: ScriptFormat.init(rawValue:)) ?? .shell
        let modes = "octal permissions such as 0600 or 0644, that let nobody but the owner write"
        let mode = value(.scriptMode, expected: modes, parse: FileMode.init(parsing:)) ?? .ownerOnly
        let path = value(.scriptPath, expected: "the path of a file") {
            $0.hasSuffix("/") || $0.utf8.contains(0) ? nil : $0
        }
        guard isWanted else { return nil }
        return Options.Script(format: format, path: path ?? format.defaultPath(root: environment.root), mode: mode)
    }
}
