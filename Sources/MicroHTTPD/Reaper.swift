import Glibc
import Threading

/// The thread that ends what takes too long: slow headers and bodies, idle connections, handlers past their deadline.
///
/// libmicrohttpd's own timeout knows inactivity only, so a byte each second would hold a connection for ever; and a
/// suspended connection never times out.
final class Reaper: Sendable {
    /// How late a limit may be noticed. A turn costs microseconds.
    private static let turn: Int32 = 50

    private let bridge: Bridge
    private let waker: Waker
    private let isStopping = Lock(false)

    init(_ bridge: Bridge, waker: Waker) {
        self.bridge = bridge
        self.waker = waker
    }

    /// Runs until `stop`.
    func run() {
        while !isStopping.withLock({ $0 }) {
            wait()
            let now = ContinuousClock.now
            reapConnections(at: now)
            for handover in bridge.gate.all() where now > handover.limit { bridge.expire(handover) }
            bridge.lingering.drain(at: now)
        }
        bridge.lingering.closeAll()
    }

    /// Ends `run` soon. From any thread.
    func stop() {
        isStopping.withLock { $0 = true }
        waker.wake()
    }

    private func reapConnections(at now: ContinuousClock.Instant) {
        for (stage, peer) in bridge.table.reap(at: now) {
            bridge.tally.withLock { $0.reaped += 1 }
            bridge.service.events(.reaped(stage, peer))
        }
    }

    private func wait() {
        var polled = [pollfd(fd: waker.descriptor, events: Int16(POLLIN), revents: 0)]
        polled += bridge.lingering.descriptors.map { pollfd(fd: $0, events: Int16(POLLIN), revents: 0) }
        // The array is this function's; a failed poll only makes the turn short.
        _ = unsafe poll(&polled, nfds_t(polled.count), Self.turn)
    }
}
