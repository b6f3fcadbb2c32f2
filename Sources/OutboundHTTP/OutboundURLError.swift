/// Why an address may not be called. Each description names the remedy; none repeats a whole address.
package enum OutboundURLError: Error, Sendable, Equatable {
    /// Neither `https://` nor `http://` stands in front.
    case scheme
    /// `http` to a host that is not loopback.
    case plaintext(host: String)
    /// A user name or password before `@`.
    case userInformation
    /// A `#`.
    case fragment
    /// A byte that no URL holds: a control character, a space, a backslash, a lone `%`.
    case character(UInt8)
    /// The host is empty, or neither a DNS name nor an address in its usual form.
    case host(String)
    /// The port is no number from 1 to 65535.
    case port(String)
    /// More bytes than `limit`.
    case tooLong(limit: Int)
}

extension OutboundURLError: CustomStringConvertible {
    /// The cause and the remedy, for configuration errors and the log.
    package var description: String {
        switch self {
        case .scheme: "the URL must begin with https://"
        case .plaintext(let host): "http to \(host) would send tokens in the clear: use https"
        case .userInformation: "the URL must not hold a user name or password: remove everything up to the @"
        case .fragment: "the URL must not hold a fragment: remove the # and what follows"
        case .character(let byte): "the URL holds byte \(byte), which must be percent-encoded or removed"
        case .host(let host): "\(host) is no host: write a DNS name, an IPv4 address, or an IPv6 address in brackets"
        case .port(let port): "\(port) is no port: write a number from 1 to 65535"
        case .tooLong(let limit): "the URL is longer than \(limit) bytes"
        }
    }
}
