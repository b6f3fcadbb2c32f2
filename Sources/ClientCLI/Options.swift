import ClientHTTP
import ExchangeAPI
import Secrets

/// The step's settings, checked.
struct Options {
    /// The address and bearer with which Vela gives this step an ID token.
    struct Vela {
        let requestURL: HTTPURL
        let requestToken: Secret
    }

    let vela: Vela
    let audience: String
    let gatewayURL: HTTPURL
    let gatewayTrust: Trust
    let velaTrust: Trust
    /// For everything, retries included.
    let timeout: Duration
    /// What the gateway is asked for.
    let role: RoleRequest
    /// What it is asked for besides, with a new ID token each; empty as a rule.
    let furtherRoles: [RoleRequest]
    /// nil writes nothing.
    let script: Script?
    /// What works and is still worth a word.
    let warnings: [String]
}

extension Options {
    /// All of them, in the order given.
    var roles: [RoleRequest] { [role] + furtherRoles }
}

/// Permissions of a file with secrets: its owner can read it, and nobody else can write it.
struct FileMode: Equatable {
    let bits: UInt32

    static let ownerOnly = FileMode(bits: 0o600)

    private init(bits: UInt32) { self.bits = bits }

    /// Reads octal digits; nil for others, and for modes that let someone else change what a step will run.
    init?(parsing text: String) {
        guard (3...4).contains(text.utf8.count), text.utf8.allSatisfy({ (0x30...0x37).contains($0) }),
            let bits = UInt32(text, radix: 8), bits <= 0o777, bits & 0o400 != 0, bits & 0o022 == 0
        else { return nil }
        self.init(bits: bits)
    }
}
