import EventLoop
import Glibc
import Threading

/// The end of a server, in an order that libmicrohttpd survives.
///
/// It aborts when stopped with a suspended connection, and cuts answers that are not sent yet. So: no new connections,
/// wait for what is in flight, cancel it, let nothing in, answer for the rest, wait until every request has ended,
/// and only then stop it. On a thread of its own, because all of this blocks.
final class Shutdown: Sendable {
    private let bridge: Bridge
    private let daemons: [Daemon]
    /// The loops, where they are the server's own and end with it.
    private let ownLoops: EventLoops?
    private let acceptor: Acceptor
    private let reaper: Reaper
    private let threads: [PlainThread]
    private let state = Lock(State())

    private struct State: Sendable {
        var phase = Phase.serving
        var delayEnd = ContinuousClock.now
        var graceEnd = ContinuousClock.now
        var waiters: [CheckedContinuation<Void, Never>] = []
    }

    private enum Phase: Sendable { case serving, ending, ended }

    /// How long clients have to take their last answers.
    private static let lastBytes = Duration.seconds(2)
    /// Between two looks.
    private static let turn: UInt32 = 2_000

    private init(
        _ bridge: Bridge, _ daemons: [Daemon], _ acceptor: Acceptor, _ reaper: Reaper, _ threads: [PlainThread],
        ownLoops: EventLoops?
    ) {
        self.bridge = bridge
        self.daemons = daemons
        self.ownLoops = ownLoops
        self.acceptor = acceptor
        self.reaper = reaper
        self.threads = threads
    }

    /// Starts libmicrohttpd on `loops`, or on a loop of its own, the reaper and the acceptor. On failure all that was
    /// started is stopped, and `listening` stays the caller's.
    static func start(
        _ bridge: Bridge, _ listening: ListeningSocket, on loops: EventLoops?
    ) throws(HTTPServerError) -> Shutdown {
        guard let acceptorWaker = Waker(), let reaperWaker = Waker() else {
            throw .noResources(reason: "no descriptor for an eventfd")
        }
        let own = loops == nil ? try ownLoop() : nil
        let daemons = try daemons(bridge, on: loops?.all ?? own?.all ?? [])
        let reaper = Reaper(bridge, waker: reaperWaker)
        let acceptor = Acceptor(listening, bridge, daemons, waker: acceptorWaker)
        guard let reaping = PlainThread({ reaper.run() }) else {
            stop(daemons)
            throw .noResources(reason: "no thread")
        }
        guard let accepting = PlainThread({ acceptor.run() }) else {
            reaper.stop()
            reaping.join()
            stop(daemons)
            throw .noResources(reason: "no thread")
        }
        return Shutdown(bridge, daemons, acceptor, reaper, [accepting, reaping], ownLoops: own)
    }

    private static func ownLoop() throws(HTTPServerError) -> EventLoops {
        do throws(EventLoopError) { return try EventLoops(count: 1) } catch {
            throw .noResources(reason: error.description)
        }
    }

    private static func daemons(_ bridge: Bridge, on loops: [EventLoop]) throws(HTTPServerError) -> [Daemon] {
        var started: [Daemon] = []
        do throws(HTTPServerError) {
            for loop in loops { started.append(try Daemon(bridge: bridge, on: loop)) }
        } catch {
            stop(started)
            throw error
        }
        return started
    }

    private static func stop(_ daemons: [Daemon]) {
        for daemon in daemons { daemon.stop() }
    }

    /// Begins the end, or hurries it, and waits for it.
    func run(delay: Duration, grace: Duration) async {
        await withCheckedContinuation { continuation in
            let (isFirst, isOver) = state.withLock { state in
                let isFirst = state.phase == .serving
                Self.hurry(&state, delay: delay, grace: grace)
                if state.phase == .ended { return (false, true) }
                state.waiters.append(continuation)
                return (isFirst, false)
            }
            if isOver { continuation.resume() }
            if isFirst { begin() }
        }
    }

    private static func hurry(_ state: inout State, delay: Duration, grace: Duration) {
        let delayEnd = ContinuousClock.now + delay
        let isFirst = state.phase == .serving
        state.delayEnd = isFirst ? delayEnd : min(state.delayEnd, delayEnd)
        state.graceEnd = isFirst ? delayEnd + grace : min(state.graceEnd, delayEnd + grace)
        if isFirst { state.phase = .ending }
    }

    private func begin() {
        // Without a thread to spare the caller's has to do: it blocks, but the server ends.
        if let thread = PlainThread({ self.end() }) { thread.detach() } else { end() }
    }

    private func end() {
        bridge.gate.beginDraining()
        wait(until: { self.state.withLock { $0.delayEnd } }) { false }
        acceptor.stop()
        threads.first?.join()
        wait(until: { self.state.withLock { $0.graceEnd } }) { self.isQuiet }
        endRequests()
        Self.stop(daemons)
        reaper.stop()
        threads.last?.join()
        ownLoops?.stop()
        finish()
    }

    /// Leaves no connection suspended, and as few answers unsent as clients allow.
    private func endRequests() {
        for handover in bridge.gate.all() { handover.cancel() }
        wait(for: bridge.configuration.requestDeadlineMargin) { self.bridge.gate.inFlight == 0 }
        bridge.gate.seal()
        for handover in bridge.gate.all() { bridge.expire(handover) }
        // No bound: whatever entered has an answer by now, its resumption is a matter of microseconds, and stopping
        // before it would abort.
        while bridge.gate.inFlight > 0 { usleep(Self.turn) }
        wait(for: Self.lastBytes) { self.bridge.gate.openRequests == 0 }
    }

    /// Nothing has begun and nothing is about to. Looked at twice, in case bytes were between socket and parser.
    private var isQuiet: Bool {
        func looksQuiet() -> Bool {
            bridge.gate.openRequests == 0 && !bridge.table.expectsRequests(at: .now)
        }
        guard looksQuiet() else { return false }
        usleep(Self.turn)
        return looksQuiet()
    }

    private func finish() {
        let waiters = state.withLock { state in
            state.phase = .ended
            defer { state.waiters = [] }
            return state.waiters
        }
        for waiter in waiters { waiter.resume() }
    }

    private func wait(for limit: Duration, _ isDone: () -> Bool) {
        let end = ContinuousClock.now + limit
        wait(until: { end }, isDone)
    }

    /// Looks every few milliseconds until `isDone`, or until the time that `end` gives then.
    private func wait(until end: () -> ContinuousClock.Instant, _ isDone: () -> Bool) {
        while ContinuousClock.now < end(), !isDone() { usleep(Self.turn) }
    }
}
