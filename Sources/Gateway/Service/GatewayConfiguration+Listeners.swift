import MicroHTTPD

extension GatewayConfiguration {
    /// The service listener, with the certificate if there is one.
    func serviceListener(_ tls: TLSConfiguration?) -> HTTPServerConfiguration {
        var listener = HTTPServerConfiguration(address: service, tls: tls)
        listener.requestDeadline = requestDeadline
        return listener
    }

    /// The health listener: small, so that scrapes cannot take what callers need. One address gets a quarter of it, so that
    /// whoever holds connections open there cannot hide the gateway's health from the kubelet.
    func healthListener() -> HTTPServerConfiguration {
        var listener = HTTPServerConfiguration(address: health)
        listener.maximumConnections = 64
        listener.maximumConnectionsPerAddress = 16
        listener.maximumBodyBytes = 1024
        return listener
    }

    /// The issuer's listener on `address`: two small public documents.
    func issuerListener(_ address: ListenAddress) -> HTTPServerConfiguration {
        var listener = HTTPServerConfiguration(address: address)
        listener.maximumConnections = 256
        listener.maximumBodyBytes = 1024
        return listener
    }

    /// The administrator's listener on `address`: for a few people. What they do has a thread of its own.
    func administrationListener(_ address: ListenAddress) -> HTTPServerConfiguration {
        var listener = HTTPServerConfiguration(address: address)
        listener.maximumConnections = 64
        listener.maximumConnectionsPerAddress = 64
        return listener
    }
}

extension ListenAddress {
    /// The URL of a listener bound to `port`; the wildcard address shows as loopback, where the machine itself reaches it.
    func url(port: UInt16, scheme: String) -> String {
        switch self {
        case .unix(let path): "unix:\(path)"
        case .ip("0.0.0.0", _): "\(scheme)://127.0.0.1:\(port)"
        case .ip("::", _): "\(scheme)://[::1]:\(port)"
        case .ip(let host, _): "\(scheme)://\(ListenAddress.ip(host: host, port: port))"
        }
    }
}
