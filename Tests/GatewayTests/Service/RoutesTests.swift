import ExchangeAPI
import Foundation
import StrictJSON
import TestSupport
import Testing

@testable import Gateway

/// Paths, methods and pages of both listeners, over real sockets.
struct RoutesTests {
    @Test(arguments: [
        "/v1", "/v1/credentials/", "/stsx", "/V1/credentials", "/v1/%63redentials", "/errors", "/readyz",
        "/metrics",
    ])
    func `knows whole paths only`(_ path: String) async throws {
        try await RunningGateway.run { gateway in
            var request = ProbeRequest(token: try gateway.token())
            request.path = path
            let answer = try await gateway.send(request)
            #expect(answer.status == 404 && answer.code == "not_found" && answer["X-Request-Id"] != nil)
        }
    }

    @Test(arguments: ["GET", "HEAD", "OPTIONS", "PUT", "PATCH", "DELETE", "TRACE", "QUERY"])
    func `takes POST only, and no preflight`(_ method: String) async throws {
        try await RunningGateway.run { gateway in
            let answer = try await gateway.send(ProbeRequest(method, "/v1/credentials"))
            #expect(answer.status == 405 && answer["Allow"] == "POST")
            #expect(!answer.head.contains { $0.lowercased().hasPrefix("access-control") })
            #expect(
                answer.body.isEmpty == (method == "HEAD") && (method == "HEAD" || answer.code == "method_not_allowed"))
        }
    }

    @Test func `an unknown method has a request id as well`() async throws {
        try await RunningGateway.run { gateway in
            let answer = try await gateway.send(ProbeRequest("BREW", "/v1/credentials"))
            #expect(answer.status == 501 && answer["X-Request-Id"]?.utf8.count == 32)
        }
    }

    @Test(arguments: [nil, "text/plain", "application/jsonx", "application/json-patch+json", "text/json", ""])
    func `takes JSON only`(_ type: String?) async throws {
        try await RunningGateway.run { gateway in
            var request = ProbeRequest(token: try gateway.token())
            request.headers = type.map { [(name: "Content-Type", value: $0)] } ?? []
            let answer = try await gateway.send(request)
            #expect(answer.status == 415 && answer.code == "unsupported_media_type")
            #expect(gateway.sts.requests.isEmpty)
        }
    }

    @Test func `refuses a body over the limit`() async throws {
        try await RunningGateway.run { gateway in
            let body = #"{"role":""# + String(repeating: "x", count: 70_000) + #""}"#
            let answer = try await gateway.send(ProbeRequest(token: try gateway.token(), body: body))
            #expect(answer.status == 413 && answer.code == "request_too_large")
        }
    }

    @Test func `serves a page for each problem that it sends`() async throws {
        try await RunningGateway.run { gateway in
            for code in ProblemCode.allCases {
                let answer = try await gateway.send(ProbeRequest("GET", "/errors/\(code.rawValue)"))
                #expect(answer.status == 200 && answer["X-Request-Id"] != nil)
                #expect(answer.body.contains(code.page.remedy) && answer.body.contains("HTTP \(code.page.status)"))
                let head = try await gateway.send(ProbeRequest("HEAD", "/errors/\(code.rawValue)"))
                #expect(head.status == 200 && head.body.isEmpty)
            }
            #expect(try await gateway.send(ProbeRequest("GET", "/errors/no_such_code")).status == 404)
            let post = try await gateway.send(ProbeRequest("POST", "/errors/draining"))
            #expect(post.status == 405 && post["Allow"] == "GET, HEAD")
        }
    }

    @Test func `the health listener gives nothing but health`() async throws {
        try await RunningGateway.run { gateway in
            #expect(try await gateway.health("/livez").status == 200)
            #expect(try await gateway.health("/v1/credentials").status == 404)
            #expect(try await gateway.health("/errors/draining").status == 404)
            let post = try await HTTPProbe.send(ProbeRequest("POST", "/readyz"), to: gateway.service.healthURL)
            #expect(post.status == 405 && post["Allow"] == "GET, HEAD")
        }
    }

    @Test func `paths of a caller's choice make no series`() async throws {
        try await RunningGateway.run { gateway in
            for number in 0..<5 { _ = try await gateway.send(ProbeRequest("GET", "/CANARY-\(number)")) }
            let name = #"vela_gateway_http_requests_total{listener="service",route="other",status="404"}"#
            #expect(try await gateway.metric(name) == "5")
            #expect(try await !gateway.health("/metrics").body.contains("CANARY"))
            #expect(!gateway.log.lines.joined().contains("CANARY"))
        }
    }
}
