import ExchangeAPI
import Secrets
import StrictJSON

extension CheckedCredentials {
    /// One object with the names that the gateway uses, and a newline.
    var json: Secret {
        document { writer in
            writer.member("access_key_id", accessKeyID)
            writer.member("secret_access_key", secretAccessKey)
            writer.member("session_token", sessionToken)
            writer.member("expiration", expiration.description)
            writer.member("region", region)
        }
    }

    /// What AWS's tools expect of a `credential_process`: Version is the number 1, and without Expiration they would
    /// never ask again.
    var credentialProcess: Secret {
        document { writer in
            writer.member("Version", 1)
            writer.member("AccessKeyId", accessKeyID)
            writer.member("SecretAccessKey", secretAccessKey)
            writer.member("SessionToken", sessionToken)
            writer.member("Expiration", expiration.description)
        }
    }

    private func document(_ members: (inout JSONWriter<SecretBuilder>) -> Void) -> Secret {
        var writer = JSONWriter(into: SecretBuilder(capacity: 4096))
        writer.beginObject()
        members(&writer)
        writer.endObject()
        var text = writer.finish()
        text.append(utf8: "\n")
        return text.finish()
    }
}

extension JSONWriter<SecretBuilder> {
    /// Writes a secret as a string, from its bytes.
    mutating func member(_ name: String, _ secret: Secret) {
        self.name(name)
        secret.withBytes { string(utf8: $0) }
    }
}
