import ArgumentParser
import ProcessHardening
import Secrets

/// Makes the prober's key and the key set that the policy names.
struct ProbeNewKeyCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "new-key",
        abstract: "Make a key for probe run --key, and its JWK set for the policy's keys_file.",
        discussion:
            "Whoever has the key gets what the policy gives the prober. Files that are there are not overwritten.")

    @Option(help: ArgumentHelp("Where the private key goes, mode 0600.", valueName: "file"))
    var key: String

    @Option(help: ArgumentHelp("Where the public key set goes, mode 0644.", valueName: "file"))
    var keySet: String

    func run() throws {
        guard ProcessHardening.apply() else {
            throw StartFailure("the system does not let the process turn core dumps off, and it must not run with them")
        }
        let made = ProbeKey()
        let keyFile = NewFile(path: key, mode: 0o600)
        try keyFile.write(made.pem)
        do throws(StartFailure) {
            try NewFile(path: keySet, mode: 0o644).write(Secret((made.keySet + [UInt8(ascii: "\n")]).span))
        } catch {
            // A key without its set is good for nothing, and the next try must not meet it.
            keyFile.remove()
            throw error
        }
        print("key \(made.keyID): \(key); its key set: \(keySet)")
    }
}
