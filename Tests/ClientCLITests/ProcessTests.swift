import Foundation
import StrictJSON
import Testing

@testable import ClientCLI

/// `vela-aws-credentials process`, with its cache below the fixture's folder.
@Suite struct ProcessTests {
    private let server = Fixture.server()

    private func fixture(_ server: StandIn? = nil) -> Fixture {
        let fixture = Fixture(server ?? self.server)
        fixture.arguments = ["process"]
        fixture.variables["XDG_CACHE_HOME"] = "\(fixture.root)/cache"
        return fixture
    }

    private func folder(_ fixture: Fixture) -> String { "\(fixture.root)/cache/vela-aws-credentials" }

    private func permissions(_ path: String) throws -> Int? {
        try FileManager.default.attributesOfItem(atPath: path)[.posixPermissions] as? Int
    }

    private static let document = """
        {"Version":1,"AccessKeyId":"ASIAIOSFODNN7EXAMPLE","SecretAccessKey":"\(Fixture.secretKey)",\
        "SessionToken":"\(Fixture.sessionToken)","Expiration":"2026-01-02T03:04:05Z"}

        """

    @Test func `prints the document and nothing else, and asks once`() throws {
        let fixture = fixture()
        #expect(fixture.run() == 0, "\(fixture.errors)")
        #expect(fixture.output == Self.document)
        #expect(fixture.run() == 0)
        #expect(fixture.output == Self.document + Self.document)
        #expect(server.requests.count == 2)
        let names = try names(fixture)
        let name = try #require(names.last)
        #expect(name.count == 64 && names == [".\(name).lock", name])
        #expect(try permissions(folder(fixture) + "/" + names[0]) == 0o600)
        #expect(try permissions(folder(fixture)) == 0o700)
        #expect(try permissions(folder(fixture) + "/" + name) == 0o600)
        let kept = try String(contentsOfFile: folder(fixture) + "/" + name, encoding: .utf8)
        #expect(!kept.contains(Fixture.requestToken) && !kept.contains("id.token.0"))
    }

    @Test(arguments: [
        ("PARAMETER_REGION", "us-west-2"), ("PARAMETER_ROLE_DURATION_SECONDS", "900"), ("PARAMETER_VERIFY", "true"),
        ("PARAMETER_ROLE_SESSION_NAME", "other"), ("PARAMETER_AUDIENCE", "other"), ("PARAMETER_SESSION_POLICY", "p"),
        ("PARAMETER_INLINE_SESSION_POLICY", "{}"), ("PARAMETER_MANAGED_SESSION_POLICIES", "arn:a"),
        ("VELA_ID_TOKEN_REQUEST_TOKEN", "another.step"),
    ])
    func `asks again when the question is another`(name: String, value: String) {
        let fixture = fixture()
        #expect(fixture.run() == 0)
        fixture.variables[name] = value
        #expect(fixture.run() == 0, "\(fixture.errors)")
        #expect(server.requests(to: "/v1/credentials").count == 2)
    }

    @Test func `asks again for another build, and with another token each time`() {
        let fixture = fixture()
        #expect(fixture.run() == 0)
        fixture.variables["VELA_ID_TOKEN_REQUEST_URL"]?.replace("/builds/1/", with: "/builds/2/")
        #expect(fixture.run() == 0)
        fixture.variables["PARAMETER_GATEWAY_URL"] = server.url + "/"
        fixture.variables["PARAMETER_REGION"] = "eu-west-1"
        #expect(fixture.run() == 0)
        #expect(server.requests(to: "/v1/credentials").count == 3)
        #expect(server.requests(to: "/api").count == 3)
    }

    @Test(arguments: [("2026-01-01T00:15:00Z", 2), ("2026-01-01T00:15:01Z", 1)])
    func `keeps credentials until 15 minutes before they expire`(expiration: String, asked: Int) {
        let server = Fixture.server { _ in Fixture.credentials(["expiration": expiration]) }
        let fixture = fixture(server)
        #expect(fixture.run() == 0 && fixture.run() == 0)
        #expect(server.requests(to: "/v1/credentials").count == asked)
    }

    @Test func `refuses credentials that have expired`() {
        let fixture = fixture(Fixture.server { _ in Fixture.credentials(["expiration": "2025-12-31T23:59:59Z"]) })
        #expect(fixture.run() == 1)
        #expect(fixture.output.isEmpty && fixture.errors.contains("have expired by this machine's clock"))
    }

    /// What happens to the cache between two runs, each of which must be answered by the gateway.
    private static let damages: [(String, String)] = [
        ("cut", "truncate -s -20 $1/*"), ("another key", "sed -i 's/us-east-1/us-east-2/' $1/*"),
        ("hostile", "sed -i 's/IQoJ/IQ;J/' $1/*"), ("empty", "truncate -s 0 $1/*"), ("open", "chmod 0750 $1"),
        ("link", "mv $1/* $2/moved && ln -s $2/moved $1/$(printf x | tr x x)"),
        ("pipe", "f=$(ls $1) && rm $1/$f && mkfifo $1/$f"), ("folder is a file", "rm -r $1 && touch $1"),
    ]

    @Test(arguments: damages) func `believes nothing that is not whole and its own`(name: String, command: String)
        throws
    {
        let fixture = fixture()
        #expect(fixture.run() == 0)
        _ = try Command.run("sh", ["-c", command, "sh", folder(fixture), fixture.root])
        #expect(fixture.run() == 0, "\(fixture.errors)")
        #expect(server.requests(to: "/v1/credentials").count == 2)
        #expect(fixture.output == Self.document + Self.document)
    }

    @Test(arguments: [[:], ["HOME": "relative"], ["XDG_CACHE_HOME": "x"]] as [[String: String]])
    func `works without a place for a cache`(variables: [String: String]) {
        let fixture = fixture()
        fixture.variables["XDG_CACHE_HOME"] = nil
        fixture.variables.merge(variables) { $1 }
        #expect(fixture.run() == 0)
        #expect(fixture.output == Self.document)
    }

    @Test func `keeps them below the home folder without XDG_CACHE_HOME`() {
        let fixture = fixture()
        fixture.variables["XDG_CACHE_HOME"] = nil
        fixture.variables["HOME"] = fixture.root
        #expect(fixture.run() == 0)
        #expect(FileManager.default.fileExists(atPath: "\(fixture.root)/.cache/vela-aws-credentials"))
    }

    @Test func `prints nothing when it fails`() {
        let fixture = fixture(Fixture.server { _ in Fixture.problem(403, "policy_denied", "No.") })
        #expect(fixture.run() == 1)
        #expect(fixture.output.isEmpty && fixture.errors.contains("policy_denied"))
    }

    @Test func `waits for another run that asks the same, and takes its answer`() throws {
        let other = fixture()
        #expect(other.run() == 0)
        // Our own run finds the cache as it was before, and the lock taken, until the other has written its answer.
        let path = "\(folder(other))/\(try #require(names(other).last))"
        try FileManager.default.moveItem(atPath: path, toPath: "\(other.root)/aside")
        let lockName = try #require(names(other).first)
        let lock = try #require(FileHandle(forUpdatingAtPath: "\(folder(other))/\(lockName)"))
        #expect(flock(lock.fileDescriptor, LOCK_EX) == 0)
        other.whilePausing = {
            try? FileManager.default.moveItem(atPath: "\(other.root)/aside", toPath: path)
            try? lock.close()
            other.whilePausing = {}
        }
        #expect(other.run() == 0, "\(other.errors)")
        #expect(other.pauses == [.milliseconds(50)])
        #expect(other.output == Self.document + Self.document && server.requests.count == 2)
    }

    @Test func `gives up at its deadline when another run does not end`() throws {
        let fixture = fixture()
        #expect(fixture.run() == 0)
        let names = try names(fixture)
        try #require(names.count == 2)
        try FileManager.default.removeItem(atPath: "\(folder(fixture))/\(names[1])")
        let lock = try #require(FileHandle(forUpdatingAtPath: "\(folder(fixture))/\(names[0])"))
        #expect(flock(lock.fileDescriptor, LOCK_EX) == 0)
        fixture.arguments += ["--timeout", "1", "--output", "json"]
        fixture.whilePausing = { usleep(50_000) }
        #expect(fixture.run() == 1)
        #expect(fixture.errors.contains(#""kind":"timed_out""#) && fixture.errors.contains("another run was asking"))
        #expect(server.requests.count == 2 && fixture.output == Self.document)
    }

    @Test func `asks all the same where nothing can be locked`() throws {
        let fixture = fixture()
        #expect(fixture.run() == 0)
        let names = try names(fixture)
        try #require(names.count == 2)
        for name in names { try FileManager.default.removeItem(atPath: "\(folder(fixture))/\(name)") }
        try FileManager.default.createSymbolicLink(
            atPath: "\(folder(fixture))/\(names[0])", withDestinationPath: "\(fixture.root)/elsewhere")
        #expect(fixture.run() == 0)
        #expect(server.requests(to: "/v1/credentials").count == 2)
        #expect(!FileManager.default.fileExists(atPath: "\(fixture.root)/elsewhere"))
    }

    private func names(_ fixture: Fixture) throws -> [String] {
        try FileManager.default.contentsOfDirectory(atPath: folder(fixture)).sorted()
    }
}
