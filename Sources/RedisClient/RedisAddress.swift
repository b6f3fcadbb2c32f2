package import OutboundHTTP

/// Where a server that speaks the Redis protocol is: `rediss://[USER@]HOST[:PORT][/DATABASE]`, or `redis://` without TLS.
package struct RedisAddress: Sendable, Equatable {
    /// The host and port, and whether TLS is spoken.
    package let endpoint: OutboundURL
    /// Nil for the server's default user.
    package let user: String?
    /// The number of the database, 0 unless named.
    package let database: Int

    /// Takes `text` apart, or says what is wrong with it. A password in it is refused: it would stand in logs and process lists.
    ///
    /// - Parameter allowingPlaintext: takes `redis://` for any host, not only for loopback.
    package init(parsing text: String, allowingPlaintext: Bool = false) throws(RedisAddressError) {
        let (scheme, rest) = try Self.splitScheme(text)
        let slash = rest.firstIndex(of: "/") ?? rest.endIndex
        let authority = rest[..<slash]
        let at = authority.lastIndex(of: "@")
        user = try at.map { (at) throws(RedisAddressError) in try Self.user(authority[..<at]) } ?? nil
        database = try Self.database(rest[slash...])
        let host = at.map { authority[authority.index(after: $0)...] } ?? authority
        do throws(OutboundURLError) {
            endpoint = try OutboundURL(
                parsing: "\(scheme)://\(Self.withPort(host))/", allowingPlaintext: allowingPlaintext)
        } catch .plaintext(let host) {
            throw .plaintext(host: host)
        } catch {
            throw .endpoint(error)
        }
    }

    private static func splitScheme(_ text: String) throws(RedisAddressError) -> (scheme: String, rest: Substring) {
        for (own, scheme) in [("rediss://", "https"), ("redis://", "http")] where text.hasPrefix(own) {
            return (scheme, text.dropFirst(own.count))
        }
        throw .scheme
    }

    private static func user(_ text: Substring) throws(RedisAddressError) -> String? {
        guard !text.contains(":") else { throw .password }
        guard text.utf8.allSatisfy({ (0x21...0x7E).contains($0) }) else { throw .user }
        return text.isEmpty ? nil : String(text)
    }

    private static func database(_ path: Substring) throws(RedisAddressError) -> Int {
        let digits = path.dropFirst()
        if digits.isEmpty { return 0 }
        guard digits.utf8.allSatisfy({ (0x30...0x39).contains($0) }), let number = Int(digits), number < 1_000_000
        else { throw .database(String(digits)) }
        return number
    }

    /// With the protocol's usual port where none is written; a bracketed IPv6 address holds colons of its own.
    private static func withPort(_ host: Substring) -> String {
        let afterAddress = host.lastIndex(of: "]") ?? host.startIndex
        return host[afterAddress...].contains(":") ? String(host) : "\(host):6379"
    }
}

/// Why a text is no address of a server.
package enum RedisAddressError: Error, Sendable, Equatable, CustomStringConvertible {
    case scheme
    case password
    case user
    case database(String)
    /// Plain TCP, and not to this machine.
    case plaintext(host: String)
    case endpoint(OutboundURLError)

    package var description: String {
        switch self {
        case .scheme: "it must begin with rediss:// or redis://"
        case .password: "it holds a password, which would be seen in process lists and logs: put it into a file"
        case .user: "the user holds a character that is not printable ASCII"
        case .database(let text): "'\(text)' is no number of a database"
        case .plaintext(let host): "\(host) is not loopback: use rediss://"
        case .endpoint(let error): "\(error)"
        }
    }
}
