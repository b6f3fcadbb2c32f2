import StrictJSON

/// Finds an issuer's key set as OpenID Connect Discovery 1.0 section 4 says, and fetches it.
package struct Discovery: Sendable {
    package let issuer: String
    let allowPlaintext: Bool
    let fetch: KeyFetch

    /// - Parameter allowPlaintext: Takes `http` for a host that is not loopback.
    package init(issuer: String, allowPlaintext: Bool, fetch: @escaping KeyFetch) {
        self.issuer = issuer
        self.allowPlaintext = allowPlaintext
        self.fetch = fetch
    }

    /// Fetches both documents. The discovery document is read each time: a moved key set is found by itself.
    package func keySet() async throws(KeyFetchFailure) -> KeySet {
        let issuerURL = try Self.checked(issuer, allowPlaintext: allowPlaintext, "issuer")
        let address = issuer.utf8.last == UInt8(ascii: "/") ? String(issuer.dropLast()) : issuer
        let document = try await fetch(address + "/.well-known/openid-configuration", issuerURL.isPlaintext)
        let keysURL = try Self.checked(try keySetURL(in: document), allowPlaintext: allowPlaintext, "jwks_uri")
        // Plaintext on loopback is for loopback issuers: a public one that names it would have us ask ourselves.
        guard !keysURL.isPlaintext || issuerURL.isLoopback || allowPlaintext else {
            throw KeyFetchFailure("jwks_uri: \(IssuerURLFault.plaintext)")
        }
        let bytes = try await fetch(keysURL.description, keysURL.isPlaintext)
        do {
            return try KeySet(parsing: bytes)
        } catch {
            throw KeyFetchFailure("\(keysURL): \(error)")
        }
    }

    /// The `jwks_uri` of a document whose `issuer` is exactly ours: section 4.3, against one issuer speaking for
    /// another.
    private func keySetURL(in document: [UInt8]) throws(KeyFetchFailure) -> String {
        guard document.count <= KeySet.maximumSize else {
            throw KeyFetchFailure("a discovery document that is too large")
        }
        let members: JSONObject?
        do {
            members = try JSONValue(parsing: document).object
        } catch {
            throw KeyFetchFailure("the discovery document: \(error)")
        }
        guard let named = members?["issuer"]?.string, named.isByteEqual(to: issuer) else {
            let named = (members?["issuer"]?.string ?? "none").cut()
            throw KeyFetchFailure("the discovery document names issuer \(named), configured is \(issuer)")
        }
        guard let url = members?["jwks_uri"]?.string else {
            throw KeyFetchFailure("the discovery document has no jwks_uri")
        }
        return url
    }

    private static func checked(
        _ url: String, allowPlaintext: Bool, _ what: String
    ) throws(KeyFetchFailure) -> IssuerURL {
        do {
            return try IssuerURL(parsing: url, allowPlaintext: allowPlaintext)
        } catch {
            throw KeyFetchFailure("\(what) \(url.cut()): \(error)")
        }
    }
}
