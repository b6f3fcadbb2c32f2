package import OutboundHTTP
package import Secrets

/// A server and how it is talked to.
package struct RedisServer: Sendable {
    package let address: RedisAddress
    /// Read at each connection, so that a new one needs no restart. Nil where the server asks for none.
    package let password: @Sendable () throws(RedisError) -> Secret?
    /// How it is connected to; `connectTimeout` counts for name, TCP and TLS together.
    package let outbound: OutboundConfiguration
    /// From the sending of commands to the last of their replies.
    package let patience: Duration

    /// Half a second to connect and a quarter for the replies are long for a server in the same data centre, and short for a
    /// step that waits.
    package init(
        address: RedisAddress, password: @escaping @Sendable () throws(RedisError) -> Secret?, caFile: String? = nil,
        connectTimeout: Duration = .milliseconds(500), patience: Duration = .milliseconds(250)
    ) {
        self.address = address
        self.password = password
        outbound = OutboundConfiguration(userAgent: "", caFile: caFile, connectTimeout: connectTimeout)
        self.patience = patience
    }
}
