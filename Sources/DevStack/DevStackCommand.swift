package import ArgumentParser
import Glibc
import StrictJSON
import UnixSignals

/// The program: starts the stack, says where it is, and ends at SIGTERM, SIGINT or with its parent.
package struct DevStackCommand: AsyncParsableCommand {
    package static let configuration = CommandConfiguration(
        commandName: "vela-aws-devstack",
        abstract: "A Vela-like issuer and a stand-in for AWS STS on loopback. For development only.")

    @Option(help: "The port of the Vela server and issuer; 0 chooses one.")
    var issuerPort: UInt16 = 0

    @Option(help: "The port of STS; 0 chooses one.")
    var stsPort: UInt16 = 0

    @Option(help: "A file to write the ready line to, besides standard output.")
    var readyFile: String?

    @Option(help: "Server threads of each listener.")
    var threads = 1

    @Option(help: "Whether STS checks the tokens it is given; off is for load.")
    var stsVerify = Switch.on

    @Option(help: "An audience that STS takes; may be given several times.")
    var stsAudience: [String] = ["sts.amazonaws.com"]

    @Option(help: "Whose tokens STS takes: vela, published, or both.")
    var stsTrust = DevStackConfiguration.Trust.vela

    @Option(help: "A folder that stands for the gateway's own issuer URL; it is served at /published of STS.")
    var published: String?

    @Option(help: "End when this process is gone.")
    var parentPid: Int32?

    /// A choice of two.
    enum Switch: String, ExpressibleByArgument, CaseIterable {
        case on, off
    }

    package init() {}

    /// What `main.swift` calls, so that it need not know the argument parser.
    package static func begin() async {
        await main()
    }

    package func validate() throws {
        guard stsTrust == .vela || published != nil else {
            throw ValidationError("--sts-trust \(stsTrust.rawValue) needs --published, the folder with the documents")
        }
        guard (1...64).contains(threads) else { throw ValidationError("--threads must be 1 to 64") }
    }

    package func run() async throws {
        // Trapped before the ready line, so that who reads it may send SIGTERM at once.
        let signals = await UnixSignalsSequence(trapping: .sigterm, .sigint)
        let stack = try await DevStack(stackConfiguration)
        let ready = stack.document(pid: getpid()).bytes + [UInt8(ascii: "\n")]
        print("vela-aws-devstack is for development only: its tokens and credentials are worth nothing", to: .error)
        print(String(decoding: ready, as: UTF8.self), terminator: "", to: .output)
        if let readyFile { try ReadyFile.write(ready, to: readyFile) }
        await firstEnd(signals)
        await stack.stop()
    }

    private var stackConfiguration: DevStackConfiguration {
        var configuration = DevStackConfiguration()
        configuration.issuerPort = issuerPort
        configuration.stsPort = stsPort
        configuration.threads = threads
        configuration.verifiesTokens = stsVerify == .on
        configuration.audiences = stsAudience
        configuration.trust = stsTrust
        configuration.publishedFolder = published
        return configuration
    }

    /// Returns at the first signal, or when the parent is gone.
    private func firstEnd(_ signals: UnixSignalsSequence) async {
        let parent = parentPid
        await withTaskGroup(of: Void.self) { group in
            group.addTask { for await _ in signals { return } }
            if let parent {
                group.addTask {
                    // Asking is the only way that works for any process; a second is soon enough for a stack like this.
                    while kill(parent, 0) == 0, !Task.isCancelled { try? await Task.sleep(for: .seconds(1)) }
                }
            }
            await group.next()
            group.cancelAll()
        }
    }
}

extension DevStackConfiguration.Trust: ExpressibleByArgument {}
