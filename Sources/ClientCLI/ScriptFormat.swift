/// The kinds of file.
enum ScriptFormat: String, CaseIterable {
    /// A script to be sourced by sh.
    case shell
    /// An AWS shared credentials file.
    case credentialFile = "credential_file"
    /// Lines NAME=VALUE, as `docker --env-file` and dotenv libraries read them.
    case env
    /// One JSON object with the names of the gateway's answer.
    case json
    /// The JSON object that AWS's tools expect of a credential process.
    case credentialProcess = "credential_process"

    /// All names, as in the message of the plugin before us.
    static var names: String { allCases.map(\.rawValue).joined(separator: " ") }

    /// Where it is written unless `script_path` says otherwise.
    func defaultPath(root: String) -> String {
        switch self {
        case .shell: "\(root)/secrets/aws/setup.sh"
        case .credentialFile: "\(root)/secrets/aws/creds"
        case .env, .json, .credentialProcess: "\(root)/secrets/aws/\(rawValue).out"
        }
    }
}
