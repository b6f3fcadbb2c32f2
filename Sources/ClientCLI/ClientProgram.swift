import ClientHTTP
import ExchangeAPI
import ProcessHardening
import Secrets

/// The program: reads the options, gets a token, gets credentials, writes the file.
package struct ClientProgram {
    let environment: ClientEnvironment

    package init(_ environment: ClientEnvironment) { self.environment = environment }

    /// Runs as this process, with its arguments and environment, once core dumps are off; `harden` turns them off.
    package static func runAsProcess(
        _ environment: ClientEnvironment = .ofProcess(), harden: () -> Bool = ProcessHardening.apply
    ) -> Int32 {
        let program = ClientProgram(environment)
        guard harden() else { return program.refuseToRun() }
        return program.run()
    }

    /// Says why in the form that was asked for, and does nothing else.
    private func refuseToRun() -> Int32 {
        var flags: [Parameter: String] = [:]
        if case .run(_, let given) = Arguments.parse(environment.arguments).0 { flags = given }
        var reader = OptionsReader(Settings(flags: flags, environment: environment), environment: environment)
        reader.log().fail(
            ClientFailure(
                .coreDumpsOn, event: "core dumps cannot be turned off, and one could hold a token",
                remedy: "Ask Vela's operator to let the step call prctl and setrlimit."))
        return 1
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
        var reader = OptionsReader(Settings(flags: flags, environment: environment), environment: environment)
        let log = reader.log()
        reader.settings.tellSources(log)
        do throws(ClientFailure) {
            switch command {
            case .whoami:
                // No role is asked for, so nothing is read of one.
                guard let servers = reader.servers(), argumentFaults.isEmpty else { break }
                servers.tell(log)
                try whoami(servers, log)
                return 0
            case .write, .process:
                guard let options = reader.options(), argumentFaults.isEmpty else { break }
                options.servers.tell(log)
                try command == .process ? process(options, log) : write(options, log)
                return 0
            }
            log.fail(argumentFaults + reader.faults)
        } catch {
            log.fail(error)
        }
        return 1
    }

    /// Gets the credentials of every role before anything is written: a file never holds half of what was asked.
    private func write(_ options: Options, _ log: Log) throws(ClientFailure) {
        let exchange = exchange(options.servers, log)
        let deadline = Deadline.after(options.servers.timeout)
        var results: [RoleResult] = []
        for role in options.roles {
            do throws(ClientFailure) {
                try results.append(fetch(role, from: exchange, until: deadline, log))
            } catch {
                throw options.furtherRoles.isEmpty ? error : error.concerning(profile: role.profile)
            }
        }
        try write(results, to: options.script, until: deadline, log)
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

    func exchange(_ servers: Servers, _ log: Log) -> Exchange {
        let agent = "\(ClientVersion.name)/\(ClientVersion.number)"
        let velaHTTP = ClientHTTP(trust: servers.velaTrust, userAgent: agent)
        // One client where both trust the same, so that the bundle is read once.
        let gatewayHTTP =
            servers.gatewayTrust == servers.velaTrust
            ? velaHTTP : ClientHTTP(trust: servers.gatewayTrust, userAgent: agent)
        let attempts = Attempts(log: log, pause: environment.pause)
        return Exchange(
            tokens: IDTokenSource(servers.vela, audience: servers.audience, http: velaHTTP, attempts: attempts),
            gateway: GatewayCall(servers, http: gatewayHTTP), attempts: attempts)
    }

    private func write(
        _ results: [RoleResult], to script: Script?, until deadline: Deadline, _ log: Log
    ) throws(ClientFailure) {
        guard let script else {
            log.info(
                "script_write is false: the credentials were obtained and nothing was written; "
                    + "set script_write: true to write them"
            )
            return
        }
        do throws(SecretFileError) {
            try script.write(results, until: deadline, pause: environment.pause)
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
