import ExchangeAPI
import ExchangeCore
import Foundation
import MicroHTTPD
import StrictJSON
import TestSupport
import Testing

@testable import Gateway

/// The description of the API against the types that answer. What goes over the wire is compared by schemathesis.
struct OpenAPIDocumentTests {
    @Test func `is served to anybody as strict JSON`() async throws {
        try await RunningGateway.run { gateway in
            let answer = try await gateway.send(ProbeRequest("GET", "/openapi.json"))
            #expect(answer.status == 200 && answer["Content-Type"] == "application/json")
            #expect(answer["X-Request-Id"]?.utf8.count == 32)
            #expect(try answer.json["openapi"] == "3.1.0")
            let head = try await gateway.send(ProbeRequest("HEAD", "/openapi.json"))
            #expect(head.status == 200 && head.body.isEmpty)
            let post = try await gateway.send(ProbeRequest("POST", "/openapi.json"))
            #expect(post.status == 405 && post["Allow"] == "GET, HEAD")
        }
    }

    @Test func `every reference leads somewhere`() throws {
        let document = try Self.document()
        let references = OpenAPIDocument.json.matches(of: /"\$ref": "#\/([^"]+)"/).map { String($0.1) }
        #expect(references.count > 20)
        for reference in references {
            let target = reference.split(separator: "/").reduce(JSONValue.object(document)) { value, name in
                value.object?[String(name)] ?? .null
            }
            #expect(target != .null, "\(reference)")
        }
    }

    @Test(arguments: ServiceRoutes.Route.allCases)
    func `describes every route by its method`(route: ServiceRoutes.Route) throws {
        let path = try Self.path(of: route)
        let methods = route.answersHead ? ["get", "head"] : [route.method.rawValue.lowercased()]
        #expect(path.members.map(\.name).filter { $0 != "parameters" } == methods)
    }

    @Test(arguments: RefusalProblemTests.rows)
    func `every refusal is described wherever a caller can earn it`(_ row: RefusalProblemTests.Row) throws {
        let isOfToken = row.code.rawValue.hasPrefix("token_")
        for route in isOfToken ? [ServiceRoutes.Route.credentials, .container, .whoami] : [.credentials, .container] {
            #expect(try Self.codes(of: route, status: row.status).contains(row.code.rawValue), "\(route)")
        }
        let error = row.refusal.stsError
        let responses = try Self.responses(of: .sts)
        let description = responses[String(error.status)]?.object?["description"]?.string
        #expect(description?.contains(error.code) == true, "\(error.status) \(error.code)")
    }

    @Test(arguments: ProblemCode.allCases)
    func `every code stands with its status, and nowhere else`(code: ProblemCode) throws {
        var found = 0
        for route in [ServiceRoutes.Route.credentials, .container, .whoami, .openAPI, .errorPage] {
            for status in try Self.responses(of: route).members.map(\.name) where status != "200" {
                guard try Self.codes(of: route, status: Int(status) ?? 0).contains(code.rawValue) else { continue }
                #expect(status == String(code.page.status) && route.canAnswer(code))
                found += 1
            }
        }
        #expect(found > 0)
    }

    /// Examples are written by the types of the answers, so reading them by these types closes the circle.
    @Test func `examples can be read by our own client`() throws {
        let operation = try Self.operation(of: .credentials)
        let asked = try #require(Self.content(operation["requestBody"])?["example"])
        #expect(try CredentialsRequest(parsing: asked.bytes).durationSeconds == 900)
        let answers = try Self.responses(of: .credentials)
        let given = try #require(Self.content(answers["200"])?["example"])
        #expect(given.object?["duration_seconds"] == 900)
    }

    private static func document() throws -> JSONObject {
        try #require(try JSONValue(parsing: Array(OpenAPIDocument.json.utf8)).object)
    }

    private static func path(of route: ServiceRoutes.Route) throws -> JSONObject {
        let name =
            switch route {
            case .stsProfile: "/sts/{profile}"
            case .errorPage: "/errors/{code}"
            case .credentials, .sts, .container, .whoami, .openAPI: route.rawValue
            }
        return try #require(try document()["paths"]?.object?[name]?.object, "\(name)")
    }

    private static func operation(of route: ServiceRoutes.Route) throws -> JSONObject {
        try #require(try path(of: route)[route.method.rawValue.lowercased()]?.object)
    }

    private static func responses(of route: ServiceRoutes.Route) throws -> JSONObject {
        try #require(try operation(of: route)["responses"]?.object)
    }

    private static func content(_ value: JSONValue?) -> JSONObject? {
        value?.object?["content"]?.object?.members.first?.value.object
    }

    private static func codes(of route: ServiceRoutes.Route, status: Int) throws -> [String] {
        let parts = content(try responses(of: route)[String(status)])?["schema"]?.object?["allOf"]?.array
        return parts?.last?.object?["properties"]?.object?["code"]?.object?["enum"]?.array?.compactMap(\.string) ?? []
    }
}
