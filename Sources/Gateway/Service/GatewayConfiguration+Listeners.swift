import MicroHTTPD
import Secrets
import StrictJSON

extension GatewayConfiguration {
    /// The service listener, its certificate read.
    func serviceListener() throws(StartFailure) -> HTTPServerConfiguration {
        var listener = HTTPServerConfiguration(address: service, tls: try tlsConfiguration())
        listener.threads = threads
        listener.requestDeadline = requestDeadline
        return listener
    }

    /// The health listener: small, so that scrapes cannot take what callers need.
    func healthListener() -> HTTPServerConfiguration {
        var listener = HTTPServerConfiguration(address: health)
        listener.threads = 1
        listener.maximumConnections = 64
        listener.maximumBodyBytes = 1024
        return listener
    }

    /// Reads certificate and key; nil without TLS.
    func tlsConfiguration() throws(StartFailure) -> TLSConfiguration? {
        guard let tls else { return nil }
        return TLSConfiguration(
            certificatePEM: try SmallFile.read(tls.certificate).withBytes { [UInt8]($0) },
            privateKeyPEM: try SmallFile.read(tls.key))
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
