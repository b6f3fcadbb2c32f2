import MicroHTTPD
package import StrictJSON

/// A Vela-like issuer and a stand-in for AWS STS, on loopback: for the demo, the tests and load. For development only.
package final class DevStack: Sendable {
    /// The Vela server.
    package let issuer: VelaIssuer
    /// The stand-in for STS.
    package let sts: STSStandIn
    /// Where the stand-in is reached.
    package let stsURL: String
    private let servers: [HTTPServer]

    /// Starts both listeners.
    package init(_ configuration: DevStackConfiguration = DevStackConfiguration()) async throws(DevStackError) {
        let key = if let key = configuration.signingKey { key } else { try SigningKey() }
        let issuer = VelaIssuer(signingWith: key)
        let published = configuration.publishedFolder.map(PublishedIssuer.init)
        let trusted = configuration.trust.issuers(vela: issuer, published: published)
        let check = WebIdentityCheck(trusted: trusted, audiences: configuration.audiences)
        let sts = STSStandIn(checking: configuration.verifiesTokens ? check : nil)
        let routes = DevRoutes(issuer: issuer, sts: sts, published: published)
        let threads = configuration.threads
        let vela = try Self.serve(configuration.issuerPort, threads, routes) { await issuer.answer($0) }
        issuer.isReached(at: "http://127.0.0.1:\(vela.boundPort)")
        do throws(DevStackError) {
            let aws = try Self.serve(configuration.stsPort, threads, routes) { await sts.answer($0) }
            stsURL = "http://127.0.0.1:\(aws.boundPort)"
            servers = [vela, aws]
        } catch {
            await vela.stop()
            throw error
        }
        self.issuer = issuer
        self.sts = sts
    }

    /// Ends both listeners.
    package func stop() async {
        for server in servers { await server.stop() }
    }

    /// Where everything is, as the program prints it when it is ready.
    package func document(pid: Int32) -> JSONValue {
        .object(
            JSONObject([
                .init("issuer", .string(issuer.issuerURL)),
                .init("vela", .string(issuer.velaURL)),
                .init("sts", .string(stsURL)),
                .init("published", .string(stsURL + PublishedIssuer.path)),
                .init("pid", .number(JSONNumber(Int64(pid)))),
            ]))
    }

    private static func serve(
        _ port: UInt16, _ threads: Int, _ routes: DevRoutes,
        _ answer: @escaping @Sendable (HTTPRequest) async -> HTTPResponse
    ) throws(DevStackError) -> HTTPServer {
        var configuration = HTTPServerConfiguration(address: .ip(host: "127.0.0.1", port: port))
        configuration.threads = threads
        // A fault may hold an answer for as long as a test of a client's deadline needs.
        configuration.requestDeadline = .seconds(120)
        do {
            return try HTTPServer.start(configuration) { request in
                if let answer = routes.answer(request) { return answer }
                return await answer(request)
            }
        } catch {
            throw .start("\(error)")
        }
    }
}

extension DevStackConfiguration.Trust {
    fileprivate func issuers(vela: VelaIssuer, published: PublishedIssuer?) -> [TrustedIssuer] {
        let own = published.map { [TrustedIssuer.published($0)] } ?? []
        return switch self {
        case .vela: [.vela(vela)]
        case .published: own
        case .both: [.vela(vela)] + own
        }
    }
}
