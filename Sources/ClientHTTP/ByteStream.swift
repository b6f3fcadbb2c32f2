import Secrets

/// A connection to a server: plain TCP, or TLS over it. With a proxy, `ProxyTunnel` comes between the two.
protocol ByteStream: AnyObject {
    /// Sends all of `bytes`.
    func write(_ bytes: Secret, until deadline: Deadline) throws(ClientHTTPError)

    /// The next bytes, at most `ScratchBuffer.capacity`; nil when the server has ended the stream in good order.
    func read(until deadline: Deadline) throws(ClientHTTPError) -> Secret?
}
