import StrictJSON
import Testing

@testable import Gateway

/// What is refused before a front reads the request, in the words of its callers.
struct EarlyRefusalTests {
    private static let form = "application/x-www-form-urlencoded"
    private static let long = String(repeating: "x", count: 70_000)

    @Test(arguments: [
        ("GET", "/", form, "", 405, "method_not_allowed"), ("PUT", "/sts/one", form, "", 405, "method_not_allowed"),
        ("OPTIONS", "/", form, "", 405, "method_not_allowed"),
        ("POST", "/", "application/json", "{}", 415, "unsupported_media_type"),
        ("POST", "/sts/one", "text/plain", "x", 415, "unsupported_media_type"),
        ("POST", "/", form, long, 413, "request_too_large"), ("POST", "/sts/one", form, long, 413, "request_too_large"),
        ("POST", "/sts/one/two", form, "x", 404, "not_found"), ("GET", "/sts/", form, "", 404, "not_found"),
    ])
    func `an SDK's STS says it in XML`(
        method: String, path: String, type: String, body: String, status: Int, reason: String
    ) async throws {
        try await RunningGateway.run { gateway in
            let answer = try await gateway.send(Self.request(method, path, type, body))
            #expect(answer.status == status && answer["Content-Type"] == "text/xml", "\(answer.body)")
            #expect(answer.stsCode == "ValidationError" && answer.body.contains("[vela-aws-gateway: \(reason),"))
            #expect(answer["x-amzn-requestid"] == answer["X-Request-Id"] && answer["X-Request-Id"] != nil)
            if status == 405 { #expect(answer["Allow"] == "POST") }
        }
    }

    @Test(arguments: [
        ("POST", "", 405, "method_not_allowed"), ("OPTIONS", "", 405, "method_not_allowed"),
        ("GET", long, 413, "request_too_large"),
    ])
    func `the container credentials provider says it in code and message`(
        method: String, body: String, status: Int, code: String
    ) async throws {
        try await RunningGateway.run { gateway in
            let path = "/v1/container-credentials?role=x"
            let answer = try await gateway.send(Self.request(method, path, "text/plain", body))
            #expect(answer.status == status && answer["Content-Type"] == "application/json", "\(answer.body)")
            #expect(try answer.json.members.map(\.name) == ["code", "message"] && answer.code == code)
            if status == 405 { #expect(answer["Allow"] == "GET") }
        }
    }

    @Test(arguments: ["/v1/credentials", "/v1/whoami", "/stsx", "/v1/container-credentials/", "/other"])
    func `every other path has a problem document`(path: String) async throws {
        try await RunningGateway.run { gateway in
            let answer = try await gateway.send(Self.request("PUT", path, "text/plain", ""))
            #expect(answer["Content-Type"] == "application/problem+json" && answer.code != nil, "\(answer.body)")
        }
    }

    /// A head that breaks the protocol is not trusted for its path either.
    @Test func `a malformed head is a problem document everywhere`() async throws {
        try await RunningGateway.run { gateway in
            var request = Self.request("POST", "/", Self.form, "")
            request.headers.append((name: "Content-Type", value: Self.form))
            let answer = try await gateway.send(request)
            #expect(answer.status == 400 && answer["Content-Type"] == "application/problem+json", "\(answer.body)")
        }
    }

    private static func request(_ method: String, _ path: String, _ type: String, _ body: String) -> ProbeRequest {
        var request = ProbeRequest(method, path)
        request.headers = [(name: "Content-Type", value: type)]
        request.body = body
        return request
    }
}
