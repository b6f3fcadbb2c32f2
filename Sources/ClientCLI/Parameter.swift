/// A parameter of the step: one table for every source, the help text and the tests.
package enum Parameter: String, CaseIterable, Sendable {
    case role
    case roles
    case region
    case roleDurationSeconds = "role_duration_seconds"
    case roleSessionName = "role_session_name"
    case audience
    case verify
    case scriptWrite = "script_write"
    case scriptPath = "script_path"
    case scriptFormat = "script_format"
    case scriptMode = "script_mode"
    case inlineSessionPolicy = "inline_session_policy"
    case managedSessionPolicies = "managed_session_policies"
    case sessionPolicy = "session_policy"
    case gatewayURL = "gateway_url"
    case gatewayCA = "gateway_ca"
    case allowPlaintext = "allow_plaintext"
    case proxy
    case noProxy = "no_proxy"
    case timeout
    case profile
    case precedence
    case output
    case logLevel = "log_level"
    case logFormat = "log_format"

    /// Which of file and environment is believed.
    package enum Precedence: Sendable {
        /// A file beats the environment, as the plugin before us documented it; `precedence: env` turns it round.
        case fileFirst
        /// The environment beats a file, and a file that differs is an error: every step of a build can write under
        /// `/vela`, and what lies there must not send a token elsewhere or undo what the step's author chose.
        case environmentFirst
        /// A file is an error: it could only weaken what the step's author set.
        case environmentOnly
    }

    package var precedence: Precedence {
        switch self {
        case .gatewayURL, .gatewayCA, .proxy, .noProxy, .precedence: .environmentFirst
        case .allowPlaintext: .environmentOnly
        default: .fileFirst
        }
    }

    /// Whether the flag may stand without a value, meaning true.
    var isSwitch: Bool { self == .verify || self == .scriptWrite || self == .allowPlaintext }

    /// The spelling on the command line; underscores are taken too.
    var flag: String { "--" + String(rawValue.map { $0 == "_" ? "-" : $0 }) }

    /// The environment variables, the first that is set wins.
    package var variables: [String] {
        ["PARAMETER_\(rawValue.uppercased())", "AWS_CREDENTIALS_\(rawValue.uppercased())"]
    }

    /// What `--help` says of it.
    var summary: String {
        switch self {
        case .role: "ARN of the role to assume (required, or roles)"
        case .roles: "several roles for one credentials file: profile=ARN,profile=ARN or JSON"
        case .region: "AWS region of the credentials (us-east-1)"
        case .roleDurationSeconds: "lifetime in seconds, 900 to 43200 (what the gateway's rule says)"
        case .roleSessionName: "session name, unless the gateway's rule sets one (vela)"
        case .audience: "audience of the ID token (sts.amazonaws.com)"
        case .verify: "let the gateway check the new credentials with AWS (false)"
        case .scriptWrite: "write the credentials to a file (false)"
        case .scriptPath: "that file (/vela/secrets/aws/setup.sh; creds for credential_file, else FORMAT.out)"
        case .scriptFormat: "shell, credential_file, env, json or credential_process (shell)"
        case .scriptMode: "permissions of that file, octal (0600)"
        case .inlineSessionPolicy: "session policy, JSON"
        case .managedSessionPolicies: "ARNs of managed session policies, separated by commas or a JSON array"
        case .sessionPolicy: "name of a session policy kept on the gateway"
        case .gatewayURL: "address of the gateway (required)"
        case .gatewayCA: "PEM file of the only authorities that may sign the gateway's certificate"
        case .allowPlaintext: "send the token over http to a gateway that is not on loopback (false)"
        case .proxy: "http://host:port of a proxy to go through (HTTPS_PROXY; for http addresses http_proxy)"
        case .noProxy: "hosts to reach without it: names, .suffixes, addresses, CIDRs, * for all (NO_PROXY)"
        case .profile: "section of the file that credential_file writes (default)"
        case .precedence: "file: files beat the environment; env: the environment beats files (file)"
        case .timeout: "time for everything, in seconds or as 90s, 2m (60)"
        case .output: "text, or json: the result on standard output, an error on standard error (text)"
        case .logLevel: "trace, debug, info, warn, error, fatal or panic (info)"
        case .logFormat: "text or json (text)"
        }
    }

    /// A value as it may be shown: a proxy's address without its user and password.
    func shown(_ text: String) -> String {
        guard self == .proxy, let at = text.lastIndex(of: "@") else { return text }
        return "***" + text[at...]
    }
}
