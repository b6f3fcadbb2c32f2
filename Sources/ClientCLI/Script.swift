import ClientHTTP
import Secrets

/// Where the credentials go.
struct Script {
    let format: ScriptFormat
    let path: String
    let mode: FileMode

    /// Writes the file: of a credentials file all sections at once, of the other formats, which hold one role, the
    /// first of `results`. Another client that changes the file is waited for until `deadline`.
    func write(
        _ results: [RoleResult], until deadline: Deadline, pause: (Duration) -> Void
    ) throws(SecretFileError) {
        let file = SecretFile(path: path, mode: mode)
        if format == .credentialFile {
            let sections = results.map { CredentialsSection(profile: $0.profile, $0.credentials) }
            try file.update(until: deadline, pause: pause) { old throws(SecretFileError) in
                try Self.replacing(sections, in: old)
            }
        } else if let result = results.first {
            try file.write(format.render(result.credentials))
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
