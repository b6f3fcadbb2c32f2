import ExchangeCore

/// Defaults kept on the gateway for callers of `POST /sts/<name>`: an AWS SDK sends a role, a session name and a token, and has no
/// way to ask for more. The policy judges what comes out as if the caller had asked for it.
struct STSProfile: Sendable, Equatable {
    /// The name of a session policy kept in the policy.
    var sessionPolicy: String?
    var duration: Duration?
    /// The region whose STS is asked.
    var region: Region?

    /// `request` with the gaps filled. AWS unites session policies, so beside any that the caller sends the profile's would
    /// widen the session: it stands in for none only.
    func filling(_ request: ExchangeRequest) -> ExchangeRequest {
        var filled = request
        filled.duration = request.duration ?? duration
        filled.region = request.region ?? region
        if let sessionPolicy, request.sessionPolicy == .none, request.managedPolicies.isEmpty {
            filled.sessionPolicy = .named(sessionPolicy)
        }
        return filled
    }

    /// What stands before a profile's name in a path.
    static let pathPrefix = "/sts/"

    /// The name in `/sts/<name>`, with or without one slash behind it, because the operation's own path is `/` and an SDK may
    /// join the two so; nil for a path that can have none.
    static func name(in path: String) -> String? {
        guard path.hasPrefix(pathPrefix) else { return nil }
        var name = path.dropFirst(pathPrefix.count)
        if name.hasSuffix("/") { name.removeLast() }
        return isName(String(name)) ? String(name) : nil
    }

    /// 1 to 64 letters, digits, `_` and `-`: it stands in an address as it is, and a dot separates settings.
    static func isName(_ text: String) -> Bool {
        (1...64).contains(text.utf8.count)
            && text.utf8.allSatisfy { byte in
                (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte | 0x20)
                    || (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) || byte == UInt8(ascii: "_")
                    || byte == UInt8(ascii: "-")
            }
    }
}
