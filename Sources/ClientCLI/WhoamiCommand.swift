import ClientHTTP
import ExchangeAPI
import Secrets
import StrictJSON

extension ClientProgram {
    /// `vela-aws-credentials whoami`: prints this step's claims as the gateway's policy reads them.
    func whoami(_ servers: Servers, _ log: Log) throws(ClientFailure) {
        let identity = try exchange(servers, log).identity(until: .after(servers.timeout))
        let document = IdentityDocument(identity)
        try output(Secret(log.output == .json ? document.json : document.text))
    }
}

/// Who this step is to the gateway, in an order that does not change from run to run.
struct IdentityDocument {
    private let identity: WhoamiResponse

    init(_ identity: WhoamiResponse) {
        var identity = identity
        identity.claims = JSONObject(identity.claims.members.sorted { $0.name < $1.name })
        identity.unknownClaims.sort()
        self.identity = identity
    }

    /// One line of JSON.
    var json: String { String(decoding: identity.bytes, as: UTF8.self) + "\n" }

    /// A claim a line. Branches, actors and images are named by others, so control characters do not reach a terminal.
    var text: String {
        var lines = ["issuer: \(identity.issuer)", "claims:"]
        lines += identity.claims.members.map { "  \($0.name): \(Self.text($0.value))" }
        lines += identity.unknownClaims.map { "  \($0): unknown, the token does not say" }
        lines += [rules, "request id: \(identity.requestID)"]
        return lines.map { Printable.text($0) + "\n" }.joined()
    }

    private var rules: String {
        guard let rules = identity.rules else { return "rules: not told by this gateway" }
        return rules.isEmpty
            ? "rules: none has a condition that these claims meet"
            : "rules that could apply, depending on what is asked for: \(rules.joined(separator: ", "))"
    }

    private static func text(_ value: JSONValue) -> String {
        value.string ?? String(decoding: value.bytes, as: UTF8.self)
    }
}
