import ArgumentParser
import ExchangeCore
import StrictJSON

/// Prints the IAM policy that ends sessions which were issued before now.
struct RevokeCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "revoke", abstract: "Print the IAM policy that ends sessions which were issued before now.",
        discussion: """
            It changes nothing: attach what it prints to the roles. The policy goes to standard output, and where to attach it \
            and what it does not reach to standard error. The exit status is 1 when it does not reach all that was asked.
            Stop new sessions first, by a deny rule or the emergency deny: a step that may still ask gets new ones.
            """)

    @Option(help: ArgumentHelp("The repository whose builds' sessions end; needs --policy.", valueName: "org/name"))
    var repository: RepositoryName?

    @Option(help: ArgumentHelp("With --repository: the one build.", valueName: "number"))
    var build: UInt64?

    @OptionGroup var consulted: ConsultedPolicyOptions

    @Option(help: ArgumentHelp("With --repository: the one rule.", valueName: "name"))
    var rule: String?

    @Option(help: ArgumentHelp("The source identity whose sessions end; * takes any text.", valueName: "text"))
    var sourceIdentity: SessionText?

    @Option(help: ArgumentHelp("The session name whose sessions end; * takes any text.", valueName: "text"))
    var sessionName: SessionText?

    @Option(help: ArgumentHelp("The tag whose sessions end.", valueName: "key=value"))
    var tag: TagArgument?

    @Flag(help: "Every session of the role ends.")
    var all = false

    @Option(help: ArgumentHelp("End those that were issued before this moment; now when left out.", valueName: "time"))
    var before: MomentArgument?

    private static let needsPolicy = ValidationError(
        "--repository needs --policy PATH: the rules say how their sessions are named")

    func validate() throws {
        let asked = [repository != nil, sourceIdentity != nil, sessionName != nil, tag != nil, all].count { $0 }
        guard asked == 1 else {
            throw ValidationError("name one of --repository, --source-identity, --session-name, --tag and --all")
        }
        if repository != nil, consulted.policy == nil {
            throw Self.needsPolicy
        }
        if repository == nil, build != nil || rule != nil || consulted.policy != nil {
            throw ValidationError("--build, --rule and --policy go with --repository")
        }
    }

    func run() throws {
        let revocation = try revocation(before: before?.moment ?? .now())
        if let document = revocation.document { print(document.indented) }
        let words = RevocationWords(revocation, endsAll: all)
        for line in words.lines { StandardError.say(line) }
        if !revocation.gaps.isEmpty { throw ExitCode(1) }
    }

    private func revocation(before moment: Timestamp) throws -> Revocation {
        if let sourceIdentity { return Revocation(of: .sourceIdentity(sourceIdentity.text), issuedBefore: moment) }
        if let sessionName { return Revocation(of: .sessionName(sessionName.text), issuedBefore: moment) }
        if let tag { return Revocation(of: .tag(key: tag.key, value: tag.value), issuedBefore: moment) }
        guard let repository else { return Revocation(of: .all, issuedBefore: moment) }
        guard let loaded = try consulted.load() else { throw Self.needsPolicy }
        do {
            return try loaded.revocation(
                of: repository.repository, build: build.map { "\($0)" }, rule: rule, issuedBefore: moment)
        } catch {
            throw StartFailure("\(error)")
        }
    }
}
