import OutboundHTTP

/// The gateway that is probed: the addresses of its two endpoints.
struct ProbeTarget: Sendable, CustomStringConvertible {
    /// Scheme, host and port.
    let description: String
    let credentials: OutboundURL
    let whoami: OutboundURL

    /// Takes the gateway's address without a path. `allowingPlaintext` takes http for a host that is not this machine.
    init(parsing text: String, allowingPlaintext: Bool) throws(StartFailure) {
        do throws(OutboundURLError) {
            let base = try OutboundURL(parsing: text, allowingPlaintext: allowingPlaintext)
            description = "\(base.scheme)://\(base.authority)"
            credentials = try OutboundURL(
                parsing: description + "/v1/credentials", allowingPlaintext: allowingPlaintext)
            whoami = try OutboundURL(parsing: description + "/v1/whoami", allowingPlaintext: allowingPlaintext)
            if base.target == "/" { return }
        } catch {
            throw StartFailure("--gateway: \(error)")
        }
        throw StartFailure("--gateway: write the gateway's address without a path")
    }
}
