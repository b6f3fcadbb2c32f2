import ExchangeAPI
import Secrets
import StrictJSON

extension ScriptFormat {
    /// The file's content, in a buffer that is wiped.
    func render(_ credentials: CheckedCredentials) -> Secret {
        var text = SecretBuilder(capacity: 4096)
        switch self {
        case .shell: text.appendShell(credentials)
        case .credentialFile: text.appendCredentialFile(credentials)
        }
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

    /// The three keys that every SDK reads; there is no quoting in this format.
    fileprivate mutating func appendCredentialFile(_ credentials: CheckedCredentials) {
        append(utf8: "[default]\n")
        appendKey("aws_access_key_id", Secret(credentials.accessKeyID))
        appendKey("aws_secret_access_key", credentials.secretAccessKey)
        appendKey("aws_session_token", credentials.sessionToken)
    }

    private mutating func appendKey(_ name: String, _ value: Secret) {
        append(utf8: name + "=")
        value.withBytes { append($0) }
        append(utf8: "\n")
    }
}
