import Glibc
import Logging
import StrictJSON
import UnixSignals

/// The life of `serve`: start, reload on SIGHUP, drain on SIGTERM, cut the drain on a second one.
struct Serving: Sendable {
    let configuration: GatewayConfiguration
    let logger: Logger

    func run() async throws {
        let signals = await UnixSignalsSequence(trapping: .sigterm, .sigint, .sighup)
        let gateway = try GatewayService(configuration, logger: logger)
        try announce(gateway)
        let (untilTerminated, termination) = AsyncStream<Never>.makeStream()
        await withTaskGroup { group in
            group.addTask { await gateway.work() }
            group.addTask { await obey(signals, gateway, termination) }
            for await _ in untilTerminated {}
            await gateway.drain()
            group.cancelAll()
        }
    }

    /// The only reader of the signals, because their sequence allows no second one: the first SIGTERM or SIGINT finishes
    /// `termination`, the next one shortens the drain that is then under way.
    private func obey(
        _ signals: UnixSignalsSequence, _ gateway: GatewayService, _ termination: AsyncStream<Never>.Continuation
    ) async {
        var isTerminating = false
        for await signal in signals {
            switch (signal, isTerminating) {
            case (.sighup, false): gateway.reload()
            case (.sighup, true): break
            case (_, false):
                isTerminating = true
                termination.finish()
            case (_, true): await gateway.stop()
            }
        }
    }

    /// Writes the ready file, through a temporary one so that a reader sees all of it or none.
    private func announce(_ gateway: GatewayService) throws {
        guard let path = configuration.readyFile else { return }
        var writer = JSONWriter(into: [UInt8]())
        writer.beginObject()
        writer.member("service", gateway.serviceURL)
        writer.member("health", gateway.healthURL)
        writer.member("administration", gateway.administrationURL)
        writer.member("issuer", gateway.issuerURL)
        writer.member("pid", Int(getpid()))
        writer.endObject()
        try WholeFile(purpose: "ready file", path: path).write(writer.finish() + [UInt8(ascii: "\n")])
    }
}
