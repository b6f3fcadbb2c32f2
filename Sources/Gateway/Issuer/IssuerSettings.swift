import ExchangeCore
import MicroHTTPD

/// What the settings `issuer_*` say: the gateway as an issuer of its own.
struct IssuerSettings: Sendable, Equatable {
    let url: OwnIssuerURL
    let keys: KeyFiles
    /// How long a token lives.
    var tokenLifetime = Duration.seconds(60)
    /// How long a key is published before it signs. AWS does not say how long it keeps a key set: a day is more than was seen.
    var publishAhead = Duration.seconds(86_400)
    /// Where the two documents are served; nil where something else serves them.
    var listen: ListenAddress?
}

extension Settings {
    /// The settings `issuer_*`; nil where the gateway is no issuer.
    mutating func issuer() -> IssuerSettings? {
        let (text, path) = (string("issuer_url"), string("issuer_keys"))
        let allowsGroup = bool("issuer_keys_group_readable")
        let lifetime = duration("issuer_token_lifetime", in: .seconds(10)...Duration.seconds(300))
        let ahead = duration("issuer_publish_ahead", in: .zero...Duration.seconds(2_592_000))
        let listen = value("issuer_listen", expected: "an address such as 0.0.0.0:8081") { ListenAddress(setting: $0) }
        guard let text, let path else {
            let isAnyGiven = text != nil || path != nil || allowsGroup != nil || lifetime != nil || ahead != nil
            if isAnyGiven || listen != nil {
                report(
                    "issuer_url and issuer_keys belong together, and the other issuer_* need both: set both, or none")
            }
            return nil
        }
        guard let url = issuerURL(text) else { return nil }
        var settings = IssuerSettings(url: url, keys: KeyFiles(path: path, allowsGroup: allowsGroup ?? false))
        settings.tokenLifetime = lifetime ?? settings.tokenLifetime
        settings.publishAhead = ahead ?? settings.publishAhead
        settings.listen = listen
        return settings
    }

    /// A URL that does not fit has a fault of its own words.
    private mutating func issuerURL(_ text: String) -> OwnIssuerURL? {
        do throws(StartFailure) { return try OwnIssuerURL(parsing: text) } catch {
            report(error.description)
            return nil
        }
    }
}
