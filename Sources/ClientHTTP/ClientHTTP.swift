/// The client's HTTP: one request a connection, synchronous, no redirect, no retry.
///
/// Not for use by several threads at once. The process should ignore SIGPIPE: OpenSSL writes with write(2).
package final class ClientHTTP {
    private let trust: Trust
    private let userAgent: String
    // Read at the first https request: parsing a bundle takes milliseconds.
    private var context: TLSContext?

    /// A client that believes certificates of `trust` and names itself `userAgent` (visible ASCII).
    package init(trust: Trust, userAgent: String) {
        self.trust = trust
        self.userAgent = userAgent
    }

    /// Sends `request` and reads the whole answer before `deadline`. Statuses from 400 on are answers, not errors.
    package func send(
        _ request: ClientHTTPRequest, until deadline: Deadline
    ) throws(ClientHTTPError) -> ClientHTTPResponse {
        let stream = try open(request, until: deadline)
        try stream.write(request.encoded(userAgent: userAgent), until: deadline)
        var reader = ResponseReader(stream, until: deadline)
        return try reader.read(to: request)
    }

    private func open(
        _ request: ClientHTTPRequest, until deadline: Deadline
    ) throws(ClientHTTPError) -> any ByteStream {
        let url = request.url
        // Before connecting, so that a faulty file of certificates is found without a server.
        let context = url.scheme == .https ? try tlsContext() : nil
        let socket =
            if let proxy = request.proxy {
                try proxy.connect(until: deadline)
            } else {
                try Socket.connect(to: url.host, port: url.port, named: url.authority, until: deadline)
            }
        guard let context else { return PlainStream(socket) }
        if let proxy = request.proxy {
            try ProxyTunnel(proxy, to: url).open(over: PlainStream(socket), userAgent: userAgent, until: deadline)
        }
        // The certificate is the server's own, whatever lies between.
        return try TLSStream(socket, host: url.host, context: context, until: deadline)
    }

    private func tlsContext() throws(ClientHTTPError) -> TLSContext {
        if let context { return context }
        let made = try TLSContext(trust)
        context = made
        return made
    }
}
