package import StrictJSON

/// One step of one build, in the words of Vela's token: what `POST /_dev/builds` describes.
package struct Build: Sendable {
    package var org = "octo-org"
    package var repo = "octo-repo"
    package var number: Int64 = 1
    package var id: Int64 = 1001
    package var ref = "refs/heads/main"
    package var branch = "main"
    package var sha = "48afb5bdc41ad69bf22588491333f7cf71135163"
    /// With its action after a colon where it has one: `pull_request:opened`.
    package var event = "push"
    package var actor = "octocat"
    package var actorSCMID = "583231"
    package var image = "golang:1.24"
    /// What the step's `id_request` says.
    package var request = "yes"
    package var commands = false
    package var pullFork = false
    package var customProperties = JSONObject()
    package var serverVersion = VelaVersion.v028
    /// Vela's status of the build; an ID token is given only while it is `running`.
    package var status = "running"
    /// The life of an ID token. Vela's is five minutes; negative makes tokens that have expired.
    package var tokenLifetime = Duration.seconds(300)
    /// The life of the request token: the repository's timeout and five minutes.
    package var requestLifetime = Duration.seconds(65 * 60)
    /// Claims that replace those above, for hostile tokens; null takes a claim away.
    package var claims = JSONObject()

    /// A build with the values above.
    package init() {}

    /// The repository as tokens spell it.
    package var slug: String { "\(org)/\(repo)" }
}

extension Build {
    /// Takes the fields of a request; what is absent keeps its value. The caller ends the reading.
    init(reading fields: inout FieldReader) throws(DevStackError) {
        try readOrigin(&fields)
        try readStep(&fields)
        if let name = try fields.string("server_version") {
            guard let version = VelaVersion(rawValue: name) else {
                let known = VelaVersion.allCases.map(\.rawValue).joined(separator: ", ")
                throw .invalidRequest("server_version must be one of \(known)")
            }
            serverVersion = version
        }
        status = try fields.string("status") ?? status
        if let seconds = try fields.integer("lifetime") { tokenLifetime = .seconds(seconds) }
        if let seconds = try fields.integer("request_lifetime") { requestLifetime = .seconds(seconds) }
        claims = try fields.object("claims") ?? claims
    }

    private mutating func readOrigin(_ fields: inout FieldReader) throws(DevStackError) {
        org = try fields.string("org") ?? org
        repo = try fields.string("repo") ?? repo
        guard Self.isPathSegment(org), Self.isPathSegment(repo) else {
            throw .invalidRequest("org and repo must be letters, digits and any of . _ -")
        }
        number = try fields.integer("build") ?? number
        id = try fields.integer("build_id") ?? id
        ref = try fields.string("ref") ?? ref
        branch = try fields.string("branch") ?? branch
        sha = try fields.string("sha") ?? sha
        event = try fields.string("event") ?? event
        actor = try fields.string("actor") ?? actor
        actorSCMID = try fields.string("actor_scm_id") ?? actorSCMID
    }

    private mutating func readStep(_ fields: inout FieldReader) throws(DevStackError) {
        image = try fields.string("image") ?? image
        request = try fields.string("request") ?? request
        commands = try fields.bool("commands") ?? commands
        pullFork = try fields.bool("pull_fork") ?? pullFork
        customProperties = try fields.object("custom_properties") ?? customProperties
    }

    private static func isPathSegment(_ text: String) -> Bool {
        !text.isEmpty
            && text.utf8.allSatisfy { byte in
                switch byte {
                case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                    UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "."), UInt8(ascii: "_"), UInt8(ascii: "-"):
                    true
                default: false
                }
            }
    }
}
