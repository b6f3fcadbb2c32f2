import ClientHTTP
import Secrets

/// Who is asked: Vela and the gateway.
extension OptionsReader {
    /// The servers; nil when there are faults.
    mutating func servers() -> Servers? {
        _ = value(.precedence, expected: "file or env", parse: Settings.Source.init(rawValue:))
        let vela = vela()
        let gatewayURL = gatewayURL()
        let gatewayProxy = gatewayURL.flatMap { proxy(for: $0) }
        let audience = value(.audience, expected: "one audience, visible ASCII without commas") {
            Self.isVisible($0) && !$0.utf8.contains(UInt8(ascii: ",")) ? $0 : nil
        }
        let timeout = value(.timeout, expected: "1 s to 1 h, as 60, 90s or 2m", parse: Self.duration)
        guard faults.isEmpty, let vela, let gatewayURL else { return nil }
        let bundle = environment.variable("SSL_CERT_FILE")
        return Servers(
            vela: vela, audience: audience ?? "sts.amazonaws.com", gatewayURL: gatewayURL, gatewayProxy: gatewayProxy,
            gatewayTrust: Trust(bundle: settings[.gatewayCA]?.text ?? bundle), velaTrust: Trust(bundle: bundle),
            timeout: timeout ?? .seconds(60), warnings: Self.warnings(vela, gatewayURL))
    }

    private static func warnings(_ vela: Servers.Vela, _ gatewayURL: HTTPURL) -> [String] {
        var warnings: [String] = []
        if gatewayURL.scheme == .http, !gatewayURL.host.isLoopback {
            warnings.append(
                "allow_plaintext is set: the ID token and the credentials cross the network to "
                    + "\(gatewayURL.origin) unencrypted"
            )
        }
        if vela.requestURL.scheme == .http, !vela.requestURL.host.isLoopback {
            warnings.append(
                "Vela's address \(vela.requestURL.origin) is http: the request token crosses the network unencrypted; "
                    + "ask Vela's administrator for https")
        }
        return warnings
    }

    private mutating func vela() -> Servers.Vela? {
        let url = velaURL()
        guard let text = environment.variable("VELA_ID_TOKEN_REQUEST_TOKEN") else {
            faults.append(
                Fault(
                    "no request token provided - make sure you have set `id_request: yes` in the step. "
                        + "If it is set: Vela's Kubernetes runtime gives steps an empty request token "
                        + "(VELA_ID_TOKEN_REQUEST_TOKEN); there, use this image as a secret origin, "
                        + "or run the build on the Docker runtime"
                ))
            return nil
        }
        let token = Secret(text)
        guard ClientHTTPRequest.isFitForHeader(token) else {
            faults.append(
                Fault(
                    "the request token VELA_ID_TOKEN_REQUEST_TOKEN holds a character no token has: "
                        + "do not set it yourself"
                ))
            return nil
        }
        return url.map { Servers.Vela(requestURL: $0, requestToken: token, proxy: proxy(for: $0)) }
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
                    "no gateway url provided: set the parameter gateway_url to the gateway's address, as in "
                        + "https://vela-aws-gateway.example.com"
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
