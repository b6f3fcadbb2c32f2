import ClientHTTP
import Secrets

/// Who is asked, how they are reached, and how long it may take: all that every command needs.
struct Servers {
    /// The address and bearer with which Vela gives this step an ID token.
    struct Vela {
        let requestURL: HTTPURL
        let requestToken: Secret
        /// nil goes straight there.
        let proxy: Proxy?
    }

    let vela: Vela
    let audience: String
    let gatewayURL: HTTPURL
    /// nil goes straight there.
    let gatewayProxy: Proxy?
    let gatewayTrust: Trust
    let velaTrust: Trust
    /// For everything, retries and waits for locks included.
    let timeout: Duration
    /// What works and is still worth a word.
    let warnings: [String]
}
