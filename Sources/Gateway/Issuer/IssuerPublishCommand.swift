import ArgumentParser
import ExchangeCore
import ProcessHardening
import StrictJSON

/// Writes the two public documents for a web server or an object store.
struct IssuerPublishCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "publish",
        abstract: "Write the discovery document and the key set below a folder, to be served at issuer_url.",
        discussion: "A key that may still be needed is not left out, unless --withdraw names it.")

    @OptionGroup var options: IssuerOptions

    @Argument(help: "The folder that stands for issuer_url; its .well-known is made.")
    var directory: String

    @Option(help: ArgumentHelp("Leave out this key, which is stolen.", valueName: "key id"))
    var withdraw: [String] = []

    func run() throws {
        guard ProcessHardening.apply() else {
            throw StartFailure("the system does not let the process turn core dumps off, and it must not run with them")
        }
        let issuer = try options.load().issuer
        let keys = try issuer.keys.loadSome().keys
        let folder = PublishedFolder(path: directory)
        let ring = RingState(keys, publishAhead: issuer.publishAhead)
        let plan = try PublicationPlan(
            ring: ring, withdrawn: withdraw, published: try folder.keySet(), at: .now())
        try folder.write(IssuerDocuments(issuer: issuer.url, publicKeys: plan.publicKeys))
        print("wrote \(plan.publicKeys.count) keys for \(issuer.url): upload \(directory) with its folder .well-known")
        for key in plan.left { print("left out \(key): its file is gone and it is needed no more") }
    }
}
