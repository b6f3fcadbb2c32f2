"""Each check of the client that keeps a token or a credential where it belongs, and what removes it."""

CLI = "Sources/ClientCLI/"
HTTP = "Sources/ClientHTTP/"

FILTER = "^(ClientHTTPTests|ClientCLITests)\\."
WORK = ".build-mutants-client"
FOLDERS = (
    "Sources/Secrets", "Sources/StrictJSON", "Sources/COpenSSL", "Sources/CLinux", "Sources/ProcessHardening", "Sources/ExchangeAPI", "Sources/ClientHTTP",
    "Sources/ClientCLI", "Sources/Programs/vela-aws-credentials", "Tests/ClientHTTPTests", "Tests/ClientCLITests", "docs")
TARGETS = """
        .systemLibrary(name: "COpenSSL"),
        .systemLibrary(name: "CLinux"),
        .target(name: "Secrets"),
        .target(name: "StrictJSON"),
        .target(name: "ProcessHardening", dependencies: ["CLinux"]),
        .target(name: "ExchangeAPI", dependencies: ["StrictJSON", "Secrets"]),
        .target(name: "ClientHTTP", dependencies: ["COpenSSL", "Secrets"]),
        .target(name: "ClientCLI", dependencies: ["ExchangeAPI", "ClientHTTP", "ProcessHardening", "Secrets", "StrictJSON"]),
        .executableTarget(
            name: "vela-aws-credentials", dependencies: ["ClientCLI"], path: "Sources/Programs/vela-aws-credentials"),
        .testTarget(name: "ClientHTTPTests", dependencies: ["ClientHTTP", "Secrets"]),
        .testTarget(
            name: "ClientCLITests", dependencies: ["ClientCLI", "ClientHTTP", "ExchangeAPI", "Secrets", "StrictJSON"]),
"""

# (file, what is there, what to put instead)
MUTATIONS = [
    # What is written.
    (CLI + "CredentialScript.swift", """append(utf8: "export \\(name)='")""", """append(utf8: "export \\(name)=")"""),
    (CLI + "CredentialScript.swift", """append(utf8: "unset AWS_SECURITY_TOKEN\\n")""", ""),
    (CLI + "CheckedCredentials.swift", "guard response.sessionToken.consists(of: Self.isBase64, 16...16_384) else {", "guard true else {"),
    (CLI + "CheckedCredentials.swift", "guard response.secretAccessKey.consists(of: Self.isBase64, 16...256) else {", "guard true else {"),
    (CLI + "SecretFile.swift", "unsafe renameat(descriptor, temporary, descriptor, name) == 0", "unsafe linkat(descriptor, temporary, descriptor, name, 0) == 0"),
    (CLI + "SecretFile.swift", "        guard fchmod(descriptor, mode.bits) == 0 else { throw failed(\"set the file's permissions\") }\n", ""),
    (CLI + "SecretFile.swift", "let flags = O_RDONLY | O_NOFOLLOW | O_CLOEXEC | O_NONBLOCK", "let flags = O_RDONLY | O_CLOEXEC | O_NONBLOCK"),
    (CLI + "SecretFile.swift", "status.st_mode & S_IFMT == S_IFREG else {", "true else {"),
    (CLI + "SecretFile.swift", "O_RDWR | O_CREAT | O_NOFOLLOW | O_CLOEXEC | O_NONBLOCK, 0o600)", "O_RDWR | O_CREAT | O_CLOEXEC | O_NONBLOCK, 0o600)"),
    (CLI + "SecretFile.swift", "unsafe unlinkat(descriptor, temporary, 0)\n", "\n"),
    (CLI + "Folder.swift", "O_RDONLY | O_DIRECTORY | O_CLOEXEC | O_NOFOLLOW)", "O_RDONLY | O_DIRECTORY | O_CLOEXEC)"),
    (CLI + "Folder.swift", "mkdirat(descriptor, name, 0o700)", "mkdirat(descriptor, name, 0o755)"),
    (CLI + "Folder.swift", "return status.st_uid == geteuid() && status.st_mode & 0o077 == 0", "return status.st_uid == geteuid()"),
    (CLI + "Options.swift", "bits & 0o022 == 0", "true"),
    # Locks.
    (CLI + "FileLock.swift", "if deadline.isPast { return false }", "if deadline.isPast { return true }"),
    (CLI + "FileLock.swift", "flock(descriptor, LOCK_EX | LOCK_NB) == 0", "flock(descriptor, LOCK_SH | LOCK_NB) == 0"),
    (CLI + "ProcessCommand.swift", "if lock != nil, try printKept(in: cache, log) { return }", ""),
    (CLI + "CredentialsCache.swift", "return checked.expiration - now > Self.margin ? answer : nil", "return answer"),
    (CLI + "CredentialsCache.swift", "guard let kept = content.following(key) else { return nil }", "guard let kept = content.following([UInt8](repeating: 0, count: 0)) else { return nil }"),
    # Where the token goes.
    (CLI + "Parameter.swift", "case .gatewayURL, .gatewayCA, .proxy, .noProxy, .precedence: .environmentFirst", "case .gatewayURL, .gatewayCA, .precedence: .environmentFirst"),
    (CLI + "Settings.swift", "entries[parameter] = flag ?? variable ?? files.first", "entries[parameter] = flag ?? files.first ?? variable"),
    (CLI + "Settings.swift", "            refuseDifference(parameter, files)\n", ""),
    (CLI + "Settings.swift", "beatsFiles ? variable ?? files.first : files.first ?? variable", "beatsFiles ? files.first ?? variable : files.first ?? variable"),
    (CLI + "OptionsReader+Servers.swift", "if url.scheme == .http, !url.host.isLoopback, !mayBePlain {", "if false, !mayBePlain {"),
    (CLI + "OptionsReader+Proxy.swift", "guard !url.host.isLoopback else { return nil }", ""),
    (CLI + "OptionsReader+Proxy.swift", "if let own, own.text != text { add(Settings.difference(parameter, usual, own)) }", ""),
    (CLI + "OptionsReader+Proxy.swift", '["http_proxy"]', '["http_proxy", "HTTP_PROXY"]'),
    (CLI + "Parameter.swift", 'return "***" + text[at...]', "return text"),
    (CLI + "GatewayCall.swift", "guard credentials.role == asked.role else {", "guard true else {"),
    (HTTP + "ResponseReader.swift", "if (300...399).contains(head.status) { throw redirect(head.status, head.headers, from: request.url) }", ""),
    (HTTP + "TLSContext.swift", "unsafe SSL_CTX_set_verify(context, SSL_VERIFY_PEER, nil)", "unsafe SSL_CTX_set_verify(context, SSL_VERIFY_NONE, nil)"),
    (HTTP + "TLSStream.swift", "return unsafe SSL_set1_host(session, name) == 1 && copenssl_set_server_name(session, name) == 1", "return unsafe copenssl_set_server_name(session, name) == 1"),
    (HTTP + "TLSStream.swift", "return unsafe X509_VERIFY_PARAM_set1_ip_asc(SSL_get0_param(session), address) == 1", "return true || address.isEmpty"),
    # What is believed of an answer.
    (HTTP + "ResponseReader.swift", "guard !(200...299).contains(status) || input.isDrained else {", "guard true else {"),
    (HTTP + "ResponseReader.swift", "guard headBytes <= Self.headLimit else {", "guard true else {"),
    (HTTP + "ResponseReader.swift", "guard headers.count < 100 else {", "guard true else {"),
    (HTTP + "ResponseReader.swift", "guard line[..<colon].allSatisfy(\\.isTokenCharacter) else {", "guard true else {"),
    (HTTP + "ResponseReader.swift", "if line.first == 0x20 || line.first == 0x09 { throw malformed(\"a folded header line\") }", ""),
    (HTTP + "ResponseReader.swift", "guard byte >= 0x20 && byte != 0x7F || byte == 0x09 else {", "guard true else {"),
    (HTTP + "ResponseReader.swift", "guard length <= Self.bodyLimit else {", "guard true else {"),
    (HTTP + "ResponseReader.swift", '.lowercased() == "chunked" && mayBeChunked', '.lowercased() == "chunked"'),
    (HTTP + "ResponseReader.swift", "guard try next() == 0x0D, try next() == 0x0A else {", "guard try next() != 0, try next() != 0 else {"),
    (HTTP + "ByteReader.swift", "if deadline.isPast { throw .timedOut(.receiving) }", ""),
    # How often is asked.
    (CLI + "Attempts.swift", "guard number < Self.maximum, ", "guard number <= Self.maximum, "),
    (CLI + "AttemptFailure.swift", "self.init(failure, retry: error.mayHaveBeenSent ? .sent(after: nil) : .unsent)", "self.init(failure, retry: .unsent)"),
    (CLI + "AttemptFailure.swift", "self.init(failure, retry: Self.passing.contains(status) ? .unsent : .never)", "self.init(failure, retry: .unsent)"),
    (CLI + "Exchange.swift", "unused = error.retry == .unsent ? token : nil", "unused = token"),
    (CLI + "Exchange.swift", "if let unused, unused.isFresh { unused }", "if let unused { unused }"),
    (CLI + "IDTokenSource.swift", "let mayPass = AttemptFailure.passing.contains(response.status)", "let mayPass = true"),
    (CLI + "GatewayCall.swift", "failure, retry: problem.retryable ? .sent(after: response.retryAfter) : .never)", "failure, retry: .sent(after: response.retryAfter))"),
    (CLI + "IDTokenSource.swift", "mayPass ? .sent(after: response.retryAfter) : .never)", "mayPass ? .sent(after: nil) : .never)"),
    # What is shown.
    (CLI + "Printable.swift", "if secrets.contains(where: { $0.occurs(in: bytes.span) }) {", "if false {"),
    (CLI + "WhoamiCommand.swift", "return lines.map { Printable.text($0) + \"\\n\" }.joined()", "return lines.map { $0 + \"\\n\" }.joined()"),
    (CLI + "ClientProgram.swift", "guard harden() else { return program.refuseToRun() }", ""),
]

# Mutations that change nothing, and why.
REDUNDANT = {
    'if line.first == 0x20 || line.first == 0x09 { throw malformed("a folded header line") }': "a name with a space is refused too, in other words",
    "if deadline.isPast { throw .timedOut(.receiving) }": "poll says it too, unless bytes are always there, and the caps end those",
}
