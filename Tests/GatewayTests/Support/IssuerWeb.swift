import Foundation
import MicroHTTPD
import TestSupport

/// An issuer's web server on loopback, with the discovery document and the keys of `TestIssuer.vela`.
final class IssuerWeb: Sendable {
    /// The issuer's URL.
    let url: String
    private let server: HTTPServer

    init() throws {
        let key = try TestKey.rsa()
        server = try HTTPServer.start(HTTPServerConfiguration(address: .ip(host: "127.0.0.1", port: 0))) { request in
            guard let host = request.headers["host"], let issuer = try? TestIssuer("http://" + host, keys: [key]),
                let document = issuer.documents["http://" + host + request.path]
            else { return .text(404, "There is no such document.") }
            return HTTPResponse(
                status: 200, headers: [(name: "Content-Type", value: "application/json")], body: .bytes(document))
        }
        url = "http://127.0.0.1:\(server.boundPort)"
    }

    /// Ends it, in its own time.
    func stop() { Task { [server] in await server.stop() } }
}
