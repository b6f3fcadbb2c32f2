import Secrets

/// Where the credentials go.
struct Script {
    let format: ScriptFormat
    let path: String
    let mode: FileMode
    /// The section of a credentials file; without meaning for the other formats.
    let profile: String

    /// Writes the file.
    func write(_ credentials: CheckedCredentials) throws(SecretFileError) {
        let file = SecretFile(path: path, mode: mode)
        guard format == .credentialFile else { return try file.write(format.render(credentials)) }
        try file.update { old throws(SecretFileError) in
            try Self.replacing([CredentialsSection(profile: profile, credentials)], in: old)
        }
    }

    private static func replacing(_ sections: [CredentialsSection], in old: Secret?) throws(SecretFileError) -> Secret {
        do throws(CredentialsFileFault) {
            return try CredentialsFile(parsing: old ?? Secret("")).replacing(sections)
        } catch {
            throw SecretFileError(step: "add a section to the file that is there", reason: error.description)
        }
    }
}
