import Foundation
import StrictJSON
import Testing

extension EndToEnd {
    /// Callers that must bring a certificate, with curl as the caller.
    @Suite struct `client certificates` {
        @Test(arguments: ["--tls-max=1.2", "--tlsv1.3"])
        func `credentials go to a caller of the authority, a problem to anyone else`(version: String) async throws {
            try await withScene { scene in
                let stack = try await scene.stack()
                let authority = try await scene.authority("authority")
                let clients = try await scene.authority("clients")
                let gateway = try await scene.gateway(
                    stack,
                    settings: [
                        "GATEWAY_TLS_CERTIFICATE": authority.server.path, "GATEWAY_TLS_KEY": authority.key.path,
                        "GATEWAY_TLS_CLIENT_CA": clients.certificate.path,
                    ])
                let token = try await stack.token()
                func exchange(_ leaf: Leaf?, path: String = "/v1/credentials") async throws -> String {
                    let pair = leaf.map { ["--cert", $0.certificate.path, "--key", $0.key.path] } ?? []
                    return try await scene.run(
                        URL(filePath: "/usr/bin/curl"),
                        [
                            "--silent", "--cacert", authority.certificate.path, String(version.prefix { $0 != "=" }),
                        ] + version.split(separator: "=").dropFirst().map(String.init) + pair + [
                            "--header", "Authorization: Bearer \(token)", "--json", #"{"role": "\#(Gateway.role)"}"#,
                            gateway.service + path,
                        ], name: "curl"
                    ).output
                }
                let good = try await scene.leaf(of: clients, "good", usage: "clientAuth")
                #expect(try await exchange(good).contains("access_key_id"))
                let strangers = [
                    nil, try await scene.leaf(of: authority, "stranger", usage: "clientAuth"),
                    try await scene.leaf(of: clients, "server-only"),
                    try await scene.leaf(of: clients, "expired", usage: "clientAuth", days: -1),
                ]
                for stranger in strangers {
                    let answer = try await exchange(stranger)
                    #expect(try JSONValue(parsing: Array(answer.utf8)).object?["code"]?.string == "client_certificate")
                }
                // Each front in the words of its clients.
                #expect(try await exchange(nil, path: "/").contains("<Code>AccessDenied</Code>"))
                #expect(
                    try await exchange(nil, path: "/v1/container-credentials").hasPrefix(
                        #"{"code":"client_certificate""#))
                #expect(try gateway.allowedKeys().count == 1)
                let refusals = #"vela_gateway_http_refusals_total{listener="service",status="403"}"#
                #expect(try await gateway.metric(refusals) == 6)
                // Whoever looks after it needs no certificate.
                #expect(try await gateway.readyz().status == 200)
            }
        }
    }
}
