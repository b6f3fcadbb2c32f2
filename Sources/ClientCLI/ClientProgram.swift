import ClientHTTP
import ExchangeAPI
import ProcessHardening
import Secrets

/// The program: reads the options, gets a token, gets credentials, writes the file.
package struct ClientProgram {
    let environment: ClientEnvironment

    package init(_ environment: ClientEnvironment) { self.environment = environment }

    /// Runs as this process, with its arguments and environment, once core dumps are off.
    package static func runAsProcess() -> Int32 {
        let environment = ClientEnvironment.ofProcess()
        guard ProcessHardening.apply() else {
            let output =
                Parameter.output.variables.contains { environment.variable($0) == "json" } ? OutputFormat.json : .text
            Log(threshold: .error, format: .text, output: output, environment: environment).fail(
                ClientFailure(
                    .coreDumpsOn, event: "core dumps cannot be turned off, and one could hold a token",
                    remedy: "Ask Vela's operator to let the step call prctl and setrlimit."))
            return 1
        }
        return ClientProgram(environment).run()
    }

    /// Runs to the end and gives the exit status: 0, or 1 after a message on standard error.
    package func run() -> Int32 {
        let (arguments, faults) = Arguments.parse(environment.arguments)
        switch arguments {
        case .help: return environment.writeOutput(Secret(Help.text)) ? 0 : 1
        case .version: return environment.writeOutput(Secret(ClientVersion.line)) ? 0 : 1
        case .run(let command, let flags): return run(command, flags, faults)
        }
    }

    private func run(_ command: Arguments.Command, _ flags: [Parameter: String], _ argumentFaults: [Fault]) -> Int32 {
        let settings = Settings(flags: flags, environment: environment)
        var reader = OptionsReader(settings, environment: environment)
        let log = reader.log()
        tellSources(settings, log)
        let options = reader.options()
        guard let options, argumentFaults.isEmpty else {
            log.fail(argumentFaults + reader.faults)
            return 1
        }
        do throws(ClientFailure) {
            for warning in options.warnings { log.warn(warning) }
            switch command {
            case .write: try write(options, log)
            case .process: try process(options, log)
            }
            return 0
        } catch {
            log.fail(error)
            return 1
        }
    }

    /// Gets the credentials of every role before anything is written: a file never holds half of what was asked.
    private func write(_ options: Options, _ log: Log) throws(ClientFailure) {
        let exchange = exchange(options, log)
        let deadline = Deadline.after(options.timeout)
        log.debug("asking Vela for an ID token with the audience \(options.audience)")
        var results: [RoleResult] = []
        for role in options.roles {
            do throws(ClientFailure) {
                try results.append(fetch(role, from: exchange, until: deadline, log))
            } catch {
                throw options.furtherRoles.isEmpty ? error : error.concerning(profile: role.profile)
            }
        }
        try write(results, to: options.script, log)
        if log.output == .json { try output(ResultDocument(results: results, script: options.script).text) }
    }

    /// Writes `text` to standard output.
    func output(_ text: Secret) throws(ClientFailure) {
        guard environment.writeOutput(text) else {
            throw ClientFailure(
                .outputFailed,
                event: "standard output took no more (\(Descriptor.reason()))",
                remedy: "Keep standard output open, with room for a few lines.")
        }
    }

    /// Asks Vela and the gateway for one role.
    func fetch(
        _ role: RoleRequest, from exchange: Exchange, until deadline: Deadline, _ log: Log
    ) throws(ClientFailure) -> RoleResult {
        let answer = try exchange.credentials(for: role.request, until: deadline)
        let credentials = try CheckedCredentials(checking: answer)
        report(answer, credentials, asked: role.request, log)
        return RoleResult(profile: role.profile, answer: answer, credentials: credentials)
    }

    func exchange(_ options: Options, _ log: Log) -> Exchange {
        let agent = "\(ClientVersion.name)/\(ClientVersion.number)"
        let velaHTTP = ClientHTTP(trust: options.velaTrust, userAgent: agent)
        // One client where both trust the same, so that the bundle is read once.
        let gatewayHTTP =
            options.gatewayTrust == options.velaTrust
            ? velaHTTP : ClientHTTP(trust: options.gatewayTrust, userAgent: agent)
        return Exchange(
            tokens: IDTokenSource(options.vela, audience: options.audience, http: velaHTTP),
            gateway: GatewayCall(options.gatewayURL, http: gatewayHTTP), log: log, pause: environment.pause)
    }

    private func write(_ results: [RoleResult], to script: Script?, _ log: Log) throws(ClientFailure) {
        guard let script else {
            log.info(
                "script_write is false: the credentials were obtained and nothing was written; "
                    + "set script_write: true to write them"
            )
            return
        }
        do throws(SecretFileError) {
            try script.write(results)
        } catch {
            throw ClientFailure(
                .fileNotWritten,
                event: "could not write \(script.path): could not \(error.step) (\(error.reason))",
                remedy:
                    "Set script_path to a file in a folder that this step's user may write, with room left on the disk."
            )
        }
        log.info("wrote \(script.path) (\(script.format.rawValue))")
    }
}

extension ClientProgram {
    private func tellSources(_ settings: Settings, _ log: Log) {
        for parameter in Parameter.allCases {
            guard let entry = settings[parameter] else { continue }
            log.debug("\(parameter.rawValue) is '\(Printable.quote(entry.text, hiding: []))' (from \(entry.source))")
        }
    }

    /// Says what was got. The server's words pass through `quote`, for a log is no place for what a server wants there.
    private func report(
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
        if let region = request.region, region != response.region {
            log.warn("the gateway gave credentials for the region \(quote(response.region)), not for \(region)")
        }
        if credentials.expiration <= environment.clock() {
            log.warn("the credentials have expired by this machine's clock: is it right?")
        }
    }
}
