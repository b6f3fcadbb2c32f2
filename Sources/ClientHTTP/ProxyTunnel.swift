import Secrets

/// Asks a proxy for a tunnel to the server (CONNECT, RFC 9110 section 9.3.6).
struct ProxyTunnel {
    private let proxy: Proxy
    /// Host and port, which may not be left out here.
    private let target: String

    init(_ proxy: Proxy, to url: HTTPURL) {
        self.proxy = proxy
        target = "\(url.host.bracketed):\(url.port)"
    }

    /// Opens the tunnel over a connection to the proxy. Nothing of the request to the server goes along.
    func open(over stream: PlainStream, userAgent: String, until deadline: Deadline) throws(ClientHTTPError) {
        let status: Int
        do throws(ClientHTTPError) {
            try stream.write(request(userAgent), until: deadline)
            var reader = ResponseReader(stream, until: deadline)
            status = try reader.readTunnelStatus()
        } catch {
            throw named(error)
        }
        switch status {
        case 200...299: return
        // 401 is what tinyproxy says to a wrong password.
        case 401, 407: throw .proxyAuthentication(proxy: proxy.address)
        default: throw .proxyRefused(proxy: proxy.address, status: status, host: target)
        }
    }

    private func request(_ userAgent: String) -> Secret {
        var wire = SecretBuilder()
        wire.append("CONNECT \(target) HTTP/1.1\r\nHost: \(target)\r\nUser-Agent: \(userAgent)\r\n")
        wire.append(authorizationFor: proxy)
        wire.append("\r\n")
        return wire.finish()
    }

    /// The same error, said of the proxy.
    private func named(_ error: ClientHTTPError) -> ClientHTTPError {
        switch error {
        case .timedOut: .timedOut(.tunnel)
        case .connectionLost(_, let reason): .connectionLost(.tunnel, reason: reason)
        case .malformedAnswer(let fault, _): .proxyAnswerInvalid(proxy: proxy.address, reason: fault)
        case .nameNotResolved, .notConnected, .trustUnusable, .handshakeFailed, .certificateRefused, .proxyNotReached,
            .proxyAuthentication, .proxyRefused, .proxyAnswerInvalid, .answerTooLarge, .redirected:
            error
        }
    }
}
