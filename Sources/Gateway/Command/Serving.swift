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
        await withTaskGroup { group in
            group.addTask { await gateway.work() }
            await untilTerminated(signals, reloading: gateway)
            await drain(gateway, hurriedBy: signals)
            group.cancelAll()
        }
    }

    private func untilTerminated(_ signals: UnixSignalsSequence, reloading gateway: GatewayService) async {
        for await signal in signals {
            guard signal == .sighup else { return }
            gateway.reload()
        }
    }

    private func drain(_ gateway: GatewayService, hurriedBy signals: UnixSignalsSequence) async {
        await withTaskGroup { group in
            group.addTask { await gateway.drain() }
            group.addTask {
                for await signal in signals where signal != .sighup { return await gateway.stop() }
            }
            // Whichever ends first has ended both: `stop` shortens the drain that is under way.
            await group.next()
            group.cancelAll()
        }
    }

    /// Writes the ready file, through a temporary one so that a reader sees all of it or none.
    private func announce(_ gateway: GatewayService) throws {
        guard let path = configuration.readyFile else { return }
        var writer = JSONWriter(into: [UInt8]())
        writer.beginObject()
        writer.member("service", gateway.serviceURL)
        writer.member("health", gateway.healthURL)
        writer.member("pid", Int(getpid()))
        writer.endObject()
        try ReadyFile(path: path).write(writer.finish() + [UInt8(ascii: "\n")])
    }
}
