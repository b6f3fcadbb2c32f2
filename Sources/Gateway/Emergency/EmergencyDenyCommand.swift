import ArgumentParser
import ExchangeCore
import Secrets
import StrictJSON

/// `emergency-deny`: what stops everybody, in the shared store.
struct EmergencyDenyCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "emergency-deny", abstract: "Stop credentials in an emergency, on all replicas at once.",
        discussion: """
            push, clear and show speak to the server of one_use_store, with the settings of the service; emergency_deny_shared must be true \
            there. docs/operations.md, "Stop it now", has a page of examples.
            """,
        subcommands: [Check.self, Push.self, Clear.self, Show.self])

    /// Reads a document as the service would.
    struct Check: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "check", abstract: "Read an emergency document and report every fault with its line.")

        @Argument(help: "The document; - reads standard input.")
        var file: String

        @Option(help: "A policy file or folder: say too which rules would bind nobody under it.")
        var policy: String?

        func run() async throws {
            let deny = try EmergencyDocument(path: file).deny
            let doubts = try policy.map { deny.doubts(under: try PolicyFiles(path: $0).loadPolicy()) } ?? []
            print(deny.inWords)
            guard doubts.isEmpty else { throw StartFailure(doubts.joined(separator: "\n")) }
        }
    }

    /// Puts a document into the store. One with faults is not taken: it would deny everything.
    struct Push: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "push",
            abstract: "Put a document into the shared store: it binds everywhere within five seconds.")

        @Argument(help: "The document; - reads standard input.")
        var file: String

        @OptionGroup var options: ConfigurationOptions

        func run() async throws {
            let document = try EmergencyDocument(path: file)
            try await options.withEmergencyStore { (store) throws(EmergencyStoreError) in
                try await store.put(document.bytes)
            }
            print("pushed: \(document.deny.inWords)")
        }
    }

    /// Lifts what was pushed.
    struct Clear: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "clear", abstract: "Lift what was pushed. A replica's own file still binds.")

        @OptionGroup var options: ConfigurationOptions

        /// A document that denies nothing, and not its absence: replicas take a document that is gone for lost, and put it back.
        static let document = Array("version: 1\nrules: []\n".utf8)

        func run() async throws {
            try await options.withEmergencyStore { (store) throws(EmergencyStoreError) in
                try await store.put(Self.document)
            }
            print("cleared: the shared store denies nothing")
        }
    }

    /// Prints what is in the store.
    struct Show: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "show", abstract: "Print the document in the shared store, and what it says.")

        @OptionGroup var options: ConfigurationOptions

        func run() async throws {
            let bytes = try await options.withEmergencyStore { (store) throws(EmergencyStoreError) in
                try await store.document()
            }
            guard let bytes else { return print("# the shared store has no document: it denies nothing") }
            let deny = try EmergencyReading.compile(bytes, named: "the store's document")
            print("# \(deny.inWords)")
            print(String(decoding: bytes, as: UTF8.self), terminator: bytes.last == UInt8(ascii: "\n") ? "" : "\n")
        }
    }
}

/// A document that somebody wrote, with its content.
private struct EmergencyDocument {
    let bytes: [UInt8]
    let deny: EmergencyDeny

    /// Throws every fault at once.
    init(path: String) throws {
        bytes = try SmallFile.read(path == "-" ? "/dev/stdin" : path).withBytes { [UInt8]($0) }
        guard bytes.count <= EmergencyContent.maximumSize else {
            throw StartFailure("\(path) is over \(EmergencyContent.maximumSize >> 10) KiB: is it the right file?")
        }
        deny = try EmergencyReading.compile(bytes, named: path == "-" ? "standard input" : path)
    }
}

extension EmergencyDeny {
    fileprivate var inWords: String {
        if deniesAll { return "everything is denied (sha256 \(digest))" }
        guard !ruleNames.isEmpty else { return "nothing is denied (sha256 \(digest))" }
        return "denied by \(ruleNames.joined(separator: ", ")) (sha256 \(digest))"
    }
}

extension ConfigurationOptions {
    /// Gives `body` the shared store that the settings name.
    fileprivate func withEmergencyStore<Result>(
        _ body: (any EmergencyStore) async throws(EmergencyStoreError) -> Result
    ) async throws -> Result {
        let configuration = try load()
        try configuration.oneUse.check()
        guard let store = try configuration.openEmergencyStore(patience: .seconds(5)) else {
            throw StartFailure(
                "emergency_deny_shared is not true in these settings, so no replica would look: set it, and restart")
        }
        defer { store.close() }
        do throws(EmergencyStoreError) { return try await body(store) } catch {
            throw StartFailure("one_use_store: \(error)")
        }
    }
}
