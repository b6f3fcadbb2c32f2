import ClientHTTP
import ExchangeAPI

extension ClientProgram {
    /// `vela-aws-credentials process`, for `credential_process` in AWS's config: the credentials as JSON on standard
    /// output and nothing else there.
    func process(_ options: Options, _ log: Log) throws(ClientFailure) {
        guard options.furtherRoles.isEmpty else {
            throw ClientFailure(
                .invalidParameters,
                event: "process gives the credentials of one role, and roles names \(options.roles.count)",
                remedy: "Name one with --role in each profile of AWS's config.")
        }
        let cache = CredentialsCache(options, environment: environment)
        if cache == nil { log.debug("nothing is cached: neither XDG_CACHE_HOME nor HOME is set") }
        if try printKept(in: cache, log) { return }
        let deadline = Deadline.after(options.servers.timeout)
        // AWS's tools start several of us at once: one asks, and the others find its answer.
        let lock = try lock(cache, until: deadline, log)
        defer { withExtendedLifetime(lock) {} }
        if lock != nil, try printKept(in: cache, log) { return }
        let result = try fetch(options.role, from: exchange(options.servers, log), until: deadline, log)
        guard result.credentials.expiration > environment.clock() else {
            throw ClientFailure(
                .credentialsExpired,
                event: "the credentials have expired by this machine's clock",
                remedy: "Set this machine's clock; AWS's tools would refuse them.", requestID: result.answer.requestID)
        }
        keep(result.answer, in: cache, log)
        try output(result.credentials.credentialProcess)
    }

    /// Prints what an earlier run kept; false when there is nothing.
    private func printKept(in cache: CredentialsCache?, _ log: Log) throws(ClientFailure) -> Bool {
        guard let answer = kept(in: cache, log) else { return false }
        log.debug(
            "credentials of an earlier run are used, request id \(Printable.quote(answer.requestID, hiding: []))")
        try output(CheckedCredentials(checking: answer).credentialProcess)
        return true
    }

    /// nil where there is no cache, or one that cannot be locked: then each run asks for itself.
    private func lock(
        _ cache: CredentialsCache?, until deadline: Deadline, _ log: Log
    ) throws(ClientFailure) -> FileLock? {
        guard let cache else { return nil }
        do throws(SecretFileError) {
            if let lock = try cache.lock(until: deadline, pause: environment.pause) { return lock }
        } catch {
            log.debug("the cache is not locked: could not \(error.step) (\(error.reason))")
            return nil
        }
        throw ClientFailure(
            .timedOut, event: "timeout passed while another run was asking for the same credentials",
            remedy: "Try again; if it stays so, raise the parameter timeout.")
    }

    private func kept(in cache: CredentialsCache?, _ log: Log) -> CredentialsResponse? {
        do throws(SecretFileError) {
            return try cache?.answer(at: environment.clock())
        } catch {
            log.debug("the cache is not used: could not \(error.step) (\(error.reason))")
            return nil
        }
    }

    /// Without a cache it works all the same, only slower.
    private func keep(_ answer: CredentialsResponse, in cache: CredentialsCache?, _ log: Log) {
        do throws(SecretFileError) {
            try cache?.keep(answer)
        } catch {
            log.warn("the credentials are not cached: could not \(error.step) (\(error.reason))")
        }
    }
}
