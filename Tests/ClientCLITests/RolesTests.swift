import Foundation
import StrictJSON
import Testing

@testable import ClientCLI

/// Several roles in one run.
@Suite struct RolesTests {
    private static let roles = "dev=arn:aws:iam::1:role/dev,prod=arn:aws:iam::2:role/prod"

    private func fixture(_ server: StandIn) -> Fixture {
        let fixture = Fixture(server)
        fixture.variables["PARAMETER_ROLE"] = nil
        fixture.variables["PARAMETER_ROLES"] = Self.roles
        fixture.variables["PARAMETER_SCRIPT_WRITE"] = "true"
        return fixture
    }

    /// A gateway that gives the role asked for, or what `refuse` says of it.
    private func server(_ refuse: @escaping (String) -> String? = { _ in nil }) -> StandIn {
        StandIn { request, earlier in
            guard !request.line.contains("/id_token") else { return Fixture.tokenAnswer(earlier) }
            let role = (try? JSONValue(parsing: request.body))?.object?["role"]?.string ?? ""
            return refuse(role) ?? Fixture.credentials(["role": role])
        }
    }

    @Test func `writes a section for each, with a new token for each`() throws {
        let server = server()
        let fixture = fixture(server)
        #expect(fixture.run() == 0, "\(fixture.errors)")
        let sections = try fixture.read("secrets/aws/creds").split(separator: "\n").filter { $0.hasPrefix("[") }
        #expect(sections == ["[dev]", "[prod]"])
        #expect(
            server.requests(to: "/v1/credentials").map { $0.header("Authorization") } == [
                "Bearer id.token.0", "Bearer id.token.1",
            ])
    }

    @Test func `writes nothing when one is refused, and says which`() {
        let refused = Fixture.problem(403, "role_not_allowed", "No.")
        let fixture = fixture(server { $0.hasSuffix("prod") ? refused : nil })
        #expect(fixture.run() == 1)
        #expect(fixture.errors.contains("error: profile prod: the gateway refused (403 role_not_allowed)"))
        #expect(!FileManager.default.fileExists(atPath: fixture.root))
    }

    @Test func `is not for a credential process`() {
        let server = server()
        let fixture = fixture(server)
        fixture.arguments = ["process"]
        #expect(fixture.run() == 1)
        #expect(server.requests.isEmpty && fixture.errors.contains("process gives the credentials of one role"))
    }
}
