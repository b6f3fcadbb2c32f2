import ArgumentParser
import ExchangeAPI
import ExchangeCore
import Secrets
import StrictJSON

/// The request that a policy is asked about, with the names of the wire.
struct RequestOptions: ParsableArguments {
    @Option(help: "The ARN of the role that the step asks for.")
    var role: String

    @Option(help: "The front it comes by: credentials, sts or container. It counts for rules with one_use.")
    var front: Front = .credentials

    @Option(help: "The region it asks for.")
    var region: String?

    @Option(help: "The duration it asks for, in seconds.")
    var durationSeconds: Int?

    @Option(help: "The session name it asks for.")
    var sessionName: String?

    @Option(help: "The name of a session policy kept on the gateway.")
    var sessionPolicy: String?

    @Option(help: ArgumentHelp("A file with an inline session policy.", valueName: "file"))
    var inlineSessionPolicy: String?

    @Option(
        name: .customLong("managed-session-policy"),
        help: ArgumentHelp("The ARN of a managed session policy; may be given several times.", valueName: "arn"))
    var managedSessionPolicies: [String] = []

    /// The request, checked as the service checks it.
    func request() throws -> ExchangeRequest {
        var wire = CredentialsRequest(role: role)
        wire.region = region
        wire.durationSeconds = durationSeconds
        wire.sessionName = sessionName
        wire.sessionPolicy = sessionPolicy
        wire.managedSessionPolicies = managedSessionPolicies
        if let path = inlineSessionPolicy {
            let bytes = try SmallFile.read(path).withBytes { [UInt8]($0) }
            wire.inlineSessionPolicy = .text(String(decoding: bytes, as: UTF8.self))
        }
        do throws(Refusal) {
            var request = try ExchangeRequest(wire)
            request.front = front
            return request
        } catch {
            throw ValidationError(error.cause)
        }
    }
}

extension Front: ExpressibleByArgument {
    /// What help and errors offer.
    public static var allValueStrings: [String] { exchanging.map(\.rawValue) }

    /// One that gives credentials.
    public init?(argument: String) {
        self.init(rawValue: argument)
        if !Self.exchanging.contains(self) { return nil }
    }
}
