/// What is to be done, checked.
struct Options {
    let servers: Servers
    /// What the gateway is asked for.
    let role: RoleRequest
    /// What it is asked for besides, with a new ID token each; empty as a rule.
    let furtherRoles: [RoleRequest]
    /// nil writes nothing.
    let script: Script?
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
