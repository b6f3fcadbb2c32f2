import ClientHTTP
import ExchangeAPI
import Secrets
import StrictJSON

/// Credentials of an earlier run of `process`, kept for this user alone.
///
/// The file's name is the SHA-256 of the key, and the file begins with the key itself, which is compared byte by byte:
/// neither a collision nor a file under a wrong name can give credentials to a question that was not theirs.
struct CredentialsCache {
    /// SDKs ask again from here on (botocore's advisory refresh).
    private static let margin = Duration.seconds(15 * 60)

    private let key: [UInt8]
    private let file: SecretFile

    /// The cache below `XDG_CACHE_HOME`, or `~/.cache`; nil where neither is an absolute path.
    init?(_ options: Options, environment: ClientEnvironment) {
        let home = environment.variable("HOME").map { $0 + "/.cache" }
        let folders = [environment.variable("XDG_CACHE_HOME"), home].compactMap(\.self)
        guard let folder = folders.first(where: { $0.hasPrefix("/") }) else { return nil }
        key = Self.key(options)
        let path = "\(folder)/vela-aws-credentials/\(Digest.sha256(key))"
        file = SecretFile(path: path, mode: .ownerOnly, inPrivateFolder: true)
    }

    /// What was kept and lives on for a while; nil without it, and for every doubt.
    func answer(at now: Timestamp) throws(SecretFileError) -> CredentialsResponse? {
        guard let content = try file.read() else { return nil }
        guard let kept = content.following(key) else { return nil }
        // A file that cannot be read is as good as none: the next answer replaces it.
        guard let answer = try? CredentialsResponse(parsing: kept),
            let checked = try? CheckedCredentials(checking: answer)
        else { return nil }
        return checked.expiration - now > Self.margin ? answer : nil
    }

    /// Waits until no other run is asking the same; nil when `deadline` came first. Whoever has the lock looks for the
    /// other's answer before it asks.
    func lock(until deadline: Deadline, pause: (Duration) -> Void) throws(SecretFileError) -> FileLock? {
        try file.lock(until: deadline, pause: pause)
    }

    /// Keeps an answer.
    func keep(_ answer: CredentialsResponse) throws(SecretFileError) {
        try file.write(
            .building { content in
                content.append(key.span)
                answer.encoded().withBytes { content.append($0) }
            })
    }

    /// Everything that decides which credentials come back, as one line of JSON. The request token is a step's own, so
    /// its hash parts the steps of a build from each other, whose images the gateway's policy may tell apart.
    private static func key(_ options: Options) -> [UInt8] {
        let servers = options.servers
        var writer = JSONWriter(into: [UInt8]())
        writer.beginObject()
        writer.member("version", 1)
        writer.member("gateway", servers.gatewayURL.origin + servers.gatewayURL.target)
        writer.member("vela", servers.vela.requestURL.origin + servers.vela.requestURL.target)
        writer.member("step", servers.vela.requestToken.withBytes { Digest.sha256([UInt8]($0)) })
        writer.member("audience", servers.audience)
        writer.member("request", String(decoding: options.role.request.bytes, as: UTF8.self))
        writer.endObject()
        return writer.finish() + [UInt8(ascii: "\n")]
    }
}

extension Secret {
    /// The bytes after `prefix`; nil when the secret does not begin with it.
    fileprivate func following(_ prefix: [UInt8]) -> Secret? {
        withBytes { bytes in
            guard bytes.count >= prefix.count, prefix.indices.allSatisfy({ bytes[$0] == prefix[$0] }) else {
                return nil
            }
            return Secret(bytes.extracting(prefix.count..<bytes.count))
        }
    }
}
