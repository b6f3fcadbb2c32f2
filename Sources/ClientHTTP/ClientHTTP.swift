/// The client's HTTP: one request a connection, synchronous, no redirect, no proxy, no retry.
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
        let stream = try open(request.url, until: deadline)
        try stream.write(request.encoded(userAgent: userAgent), until: deadline)
        var reader = ResponseReader(stream, until: deadline)
        return try reader.read(from: request.url)
    }

    private func open(_ url: HTTPURL, until deadline: Deadline) throws(ClientHTTPError) -> any ByteStream {
        // Before connecting, so that a faulty file of certificates is found without a server.
        let context = url.scheme == .https ? try tlsContext() : nil
        let socket = try Socket.connect(to: url, until: deadline)
        guard let context else { return PlainStream(socket) }
        return try TLSStream(socket, host: url.host, context: context, until: deadline)
    }

    private func tlsContext() throws(ClientHTTPError) -> TLSContext {
        if let context { return context }
        let made = try TLSContext(trust)
        context = made
        return made
    }
}
