import MicroHTTPD
import Secrets
import TestSupport

@testable import Gateway

/// A whole exchange, from the request as the server hands it over to the answer: verify, decide, form and answer of STS, audit. Beside
/// it a request costs libmicrohttpd, libcurl, and the system's part of both and of the audit file.
struct WholeExchange: Subject {
    let name = "exchange"
    let operations = 200
    private let tokens: [Secret]
    private var gateway: ProcessGateway?
    private var endpoint: CredentialsEndpoint?
    private var requests: [HTTPRequest] = []

    init() throws {
        tokens = try Samples.tokens(operations + 1, of: try TestIssuer.vela())
    }

    /// A new gateway, which has seen none of the tokens.
    mutating func prepare() async throws {
        gateway?.end()
        let gateway = try ProcessGateway()
        let endpoint = CredentialsEndpoint(exchange: gateway.parts.exchange)
        requests = tokens.map(gateway.request)
        // The first one waits for the thread of the audit to begin.
        guard await endpoint.respond(to: requests.removeLast()).status == 200 else { throw Surprise(what: "no 200") }
        (self.gateway, self.endpoint) = (gateway, endpoint)
    }

    func run() async throws {
        guard let gateway, let endpoint else { throw Surprise(what: "not prepared") }
        let before = gateway.sink.bytes
        for request in requests {
            let status = await endpoint.respond(to: request).status
            guard status == 200 else { throw Surprise(what: "\(status)") }
        }
        guard gateway.sink.bytes - before > 500 * operations else { throw Surprise(what: "exchanges without records") }
    }
}
