import ClientHTTP
import ExchangeAPI
import Secrets

extension ClientProgram {
    /// Says what was got. The server's words pass through `quote`, for a log is no place for what a server wants there.
    func report(
        _ response: CredentialsResponse, _ credentials: CheckedCredentials, asked request: CredentialsRequest,
        _ log: Log
    ) {
        let secrets = [response.secretAccessKey, response.sessionToken]
        func quote(_ text: String) -> String { Printable.quote(text, hiding: secrets) }
        log.info("got credentials for \(quote(response.assumedRoleARN)), valid until \(credentials.expiration)")
        log.debug(
            "gateway rule \(quote(response.rule)), session \(quote(response.sessionName)), "
                + "request id \(quote(response.requestID))"
        )
        for rule in response.observedRules {
            log.warn(
                "the rule \(quote(rule)) is under observation, and this step would be refused once it is in force: "
                    + "ask those who run the gateway what this step must change before that")
        }
        if let identity = response.callerIdentity {
            log.info("verified with AWS: \(quote(identity.arn)) (account \(quote(identity.account)))")
        } else if request.verify {
            log.warn("verify is true, and the gateway did not say that it verified the credentials")
        }
        if let name = request.sessionName, name != response.sessionName {
            // What nobody asked for by name is no surprise.
            let line = "the session is named \(quote(response.sessionName)) by the gateway's rule, not \(name)"
            name == OptionsReader.usualSessionName ? log.debug(line) : log.warn(line)
        }
        if let region = request.region, region != response.region {
            log.warn("the gateway gave credentials for the region \(quote(response.region)), not for \(region)")
        }
        if credentials.expiration <= environment.clock() {
            log.warn("the credentials have expired by this machine's clock: is it right?")
        }
    }
}

extension Settings {
    /// Says where each value came from.
    func tellSources(_ log: Log) {
        for parameter in Parameter.allCases {
            guard let entry = self[parameter] else { continue }
            let shown = Printable.quote(parameter.shown(entry.text), hiding: [])
            log.debug("\(parameter.rawValue) is '\(shown)' (from \(entry.source))")
        }
    }
}

extension Servers {
    /// Says what is worth a word before anyone is asked.
    func tell(_ log: Log) {
        for warning in warnings { log.warn(warning) }
        if let proxy = vela.proxy { log.debug("Vela is asked through the proxy \(proxy.address)") }
        if let gatewayProxy { log.debug("the gateway is asked through the proxy \(gatewayProxy.address)") }
        log.debug("asking Vela for an ID token with the audience \(audience)")
    }
}
