/// Whom a statement of a trust policy speaks of.
enum TrustPrincipal: Sendable, Hashable {
    /// `"*"`, or a `*` of any kind.
    case everyone
    case provider(OIDCProvider)
    /// Any other identity provider, as written: SAML, Google, Cognito, or a text that names none.
    case federation(String)
    /// A whole account, by its number.
    case account(String)
    /// A role, a user or a session, as written.
    case identity(String)
    case service(String)

    /// Nil for a kind that IAM does not know.
    init?(kind: String, text: String) {
        guard text != "*" else {
            self = .everyone
            return
        }
        switch kind {
        case "Federated": self = OIDCProvider(arn: text).map(Self.provider) ?? .federation(text)
        case "AWS": self = Self.account(of: text).map(Self.account) ?? .identity(text)
        case "Service": self = .service(text)
        case "CanonicalUser": self = .identity(text)
        default: return nil
        }
    }

    var provider: OIDCProvider? { if case .provider(let provider) = self { provider } else { nil } }

    /// Of `123456123456` and `arn:aws:iam::123456123456:root`, which mean the same.
    private static func account(of text: String) -> String? {
        let parts = text.split(separator: ":", omittingEmptySubsequences: false).map(String.init)
        let number = parts.count == 6 && parts[2] == "iam" && parts[5] == "root" ? parts[4] : text
        return number.utf8.count == 12 && number.utf8.allSatisfy(\.isDigit) ? number : nil
    }
}

/// An OpenID Connect provider of an account, `arn:PARTITION:iam::ACCOUNT:oidc-provider/ADDRESS`.
struct OIDCProvider: Sendable, Hashable {
    let arn: String
    let partition: String
    let account: String
    /// The issuer's URL without its scheme, with which AWS also begins the names of its condition keys.
    let address: String

    /// Nil for what is no such ARN.
    init?(arn: String) {
        let parts = arn.split(separator: ":", maxSplits: 5, omittingEmptySubsequences: false).map(String.init)
        let mark = "oidc-provider/"
        guard parts.count == 6, parts[0] == "arn", parts[2] == "iam", parts[5].hasPrefix(mark) else { return nil }
        self.arn = arn
        partition = parts[1]
        account = parts[4]
        address = String(parts[5].dropFirst(mark.count))
    }

    /// What is wrong with the address, as the end of a sentence; nil for one that a provider can have.
    var addressFault: String? {
        if address.contains("://") { return "holds the scheme; AWS leaves https:// out" }
        if address.isEmpty || address.hasPrefix("/") { return "has no host" }
        if address.hasSuffix("/") { return "ends with a slash, which the issuer's URL has not" }
        let host = address.prefix { $0 != "/" }
        if host.contains(":") { return "has a port, which AWS does not take" }
        if host.contains("*") || host.contains("?") { return "has a wildcard, which AWS takes for itself" }
        return nil
    }
}
