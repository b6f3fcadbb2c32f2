import ArgumentParser
import ExchangeCore
import ProcessHardening
import StrictJSON

/// Makes a private key and its file.
struct IssuerNewKeyCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "new-key",
        abstract: "Make a private key for issuer_keys, and say what to do with it.",
        discussion: "Whoever has the key gets what AWS gives the gateway's issuer. No file is overwritten.")

    @Argument(help: "The folder for its file, which gets mode 0600.")
    var folder: String

    @Option(help: "ES256, or RS256 for what cannot verify that; signing then costs 25 times as much.")
    var algorithm: Algorithm = .es256

    @Flag(help: "Let it sign as soon as it is published: the first key, or one that replaces a stolen one.")
    var atOnce = false

    enum Algorithm: String, ExpressibleByArgument, CaseIterable {
        case es256 = "ES256"
        case rs256 = "RS256"
    }

    func run() throws {
        guard ProcessHardening.apply() else {
            throw StartFailure("the system does not let the process turn core dumps off, and it must not run with them")
        }
        guard WatchedPath(folder).isFolder else { throw StartFailure("\(folder) is no folder: make it, mode 0700") }
        let key = try SigningKey(for: algorithm == .es256 ? .es256 : .rs256)
        let name = KeyFileName(madeAt: .now(), signsAtOnce: atOnce)
        let path = folder + "/" + name.text
        try NewFile(path: path, mode: 0o600).write(key.pem)
        print("made \(algorithm.rawValue) key \(key.keyID): \(path)")
        print(advice)
    }

    /// What comes next.
    private var advice: String {
        let start =
            atOnce
            ? "It signs as soon as a gateway finds it at the issuer's URL."
            : "It signs a day from now (or as issuer_publish_ahead says), once a gateway finds it at the issuer's URL."
        return """
            1. Give the file to every gateway now, beside the older ones (issuer_keys); no restart is needed.
            2. Where static files are served: 'vela-aws-gateway issuer publish DIR', and upload DIR now.
            3. \(start) 'vela-aws-gateway issuer show' says how it stands.
            """
    }
}
