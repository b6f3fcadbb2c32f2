import ExchangeAPI
import Secrets
import StrictJSON

extension ScriptFormat {
    /// The file's content, in a buffer that is wiped. A credentials file is not rendered but updated.
    func render(_ credentials: CheckedCredentials) -> Secret {
        switch self {
        case .shell: .building { $0.appendShell(credentials) }
        case .credentialFile: CredentialsSection(profile: "default", credentials).content
        case .env: .building { $0.appendEnvironment(credentials) }
        case .json: credentials.json
        case .credentialProcess: credentials.credentialProcess
        }
    }
}

extension Secret {
    /// A secret that `append` fills.
    static func building(_ append: (inout SecretBuilder) -> Void) -> Secret {
        var text = SecretBuilder(capacity: 4096)
        append(&text)
        return text.finish()
    }
}

extension SecretBuilder {
    /// A script for every POSIX shell. The values hold no quote: `CheckedCredentials` saw to it.
    fileprivate mutating func appendShell(_ credentials: CheckedCredentials) {
        append(utf8: "#!/bin/sh\n")
        // botocore would read this name first, and an old token there fits no new key.
        append(utf8: "unset AWS_SECURITY_TOKEN\n")
        appendExport("AWS_ACCESS_KEY_ID", Secret(credentials.accessKeyID))
        appendExport("AWS_SECRET_ACCESS_KEY", credentials.secretAccessKey)
        appendExport("AWS_SESSION_TOKEN", credentials.sessionToken)
        // Some SDKs read the one, some the other.
        appendExport("AWS_DEFAULT_REGION", Secret(credentials.region))
        appendExport("AWS_REGION", Secret(credentials.region))
        appendExport("AWS_CREDENTIAL_EXPIRATION", Secret(credentials.expiration.description))
    }

    private mutating func appendExport(_ name: String, _ value: Secret) {
        append(utf8: "export \(name)='")
        value.withBytes { append($0) }
        append(utf8: "'\n")
    }

    /// Unquoted: `docker --env-file` takes quotes as a part of the value, and no value needs them.
    fileprivate mutating func appendEnvironment(_ credentials: CheckedCredentials) {
        appendKey("AWS_ACCESS_KEY_ID", Secret(credentials.accessKeyID))
        appendKey("AWS_SECRET_ACCESS_KEY", credentials.secretAccessKey)
        appendKey("AWS_SESSION_TOKEN", credentials.sessionToken)
        appendKey("AWS_DEFAULT_REGION", Secret(credentials.region))
        appendKey("AWS_REGION", Secret(credentials.region))
        appendKey("AWS_CREDENTIAL_EXPIRATION", Secret(credentials.expiration.description))
    }

    /// `name=value`, on a line.
    mutating func appendKey(_ name: String, _ value: Secret) {
        append(utf8: name + "=")
        value.withBytes { append($0) }
        append(utf8: "\n")
    }
}
