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
        if let answer = kept(in: cache, log) {
            log.debug(
                "credentials of an earlier run are used, request id \(Printable.quote(answer.requestID, hiding: []))")
            return try output(CheckedCredentials(checking: answer).credentialProcess)
        }
        let result = try fetch(options.role, from: exchange(options, log), until: .after(options.timeout), log)
        guard result.credentials.expiration > environment.clock() else {
            throw ClientFailure(
                .credentialsExpired,
                event: "the credentials have expired by this machine's clock",
                remedy: "Set this machine's clock; AWS's tools would refuse them.", requestID: result.answer.requestID)
        }
        keep(result.answer, in: cache, log)
        try output(result.credentials.credentialProcess)
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
