import ClientHTTP

/// The version of this client, for `--version` and the User-Agent.
enum ClientVersion {
    static let number = "0.1.0"
    static let name = "vela-aws-credentials"
    static var line: String { "\(name) \(number) (\(ClientHTTP.tlsLibrary))\n" }
}

/// The text of `--help`.
enum Help {
    static var text: String {
        let width = (Parameter.allCases.map(\.flag.count).max() ?? 0) + 2
        let flags = Parameter.allCases.map { parameter in
            "  " + parameter.flag + String(repeating: " ", count: width - parameter.flag.count) + parameter.summary
                + "\n"
        }
        return """
            Usage: vela-aws-credentials [process | whoami] [--flag value]...

            Gets short-lived AWS credentials for a Vela step: asks Vela for an ID token (the step needs
            `id_request: yes`) and exchanges it at a vela-aws-gateway.

            process prints the credentials for AWS's tools, and keeps them in ~/.cache until 15 minutes before they
            expire. In AWS's config: credential_process = vela-aws-credentials process --role ARN --gateway-url URL

            whoami prints the claims by which the gateway's policy knows this step, and with --output json one object.

            \(flags.joined())
            Each is also a parameter of the step, named with underscores. Sources, the first wins: flag, file
            /vela/parameters/aws-credentials/NAME, file /vela/secrets/aws-credentials/NAME, environment PARAMETER_NAME,
            AWS_CREDENTIALS_NAME. For gateway_url, gateway_ca, proxy, no_proxy and precedence the environment wins over files, which must
            agree with it; allow_plaintext is not read from files.

            Exit status: 0 done, 1 any error (said on standard error, with what to do).

            """
    }
}
