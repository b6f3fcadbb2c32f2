package import EventLoop
import Threading

/// The one HTTP client towards issuers and STS. libcurl makes the connections (names, proxies, TLS); HTTP/1.1 on them is ours.
///
/// A request that a task sends from a loop is driven by that loop, on connections of its own. Certificates are always verified (TLS
/// 1.2 and later), redirects are never followed, and each request has a deadline and a byte cap. Connections are
/// reused.
package final class OutboundHTTPClient: Sendable {
    private let pools: [ConnectionPool]
    /// The loop, where it is the client's own and ends with it.
    private let ownLoops: EventLoops?

    /// Makes the client. `loops` must outlive it; nil makes a loop that ends with the client.
    package init(configuration: OutboundConfiguration, on loops: EventLoops? = nil) throws(OutboundSetupError) {
        try configuration.check()
        ownLoops = loops == nil ? try Self.ownLoop() : nil
        let loops = loops?.all ?? ownLoops?.all ?? []
        let share = max(1, configuration.maximumConnections / loops.count)
        pools = loops.map { ConnectionPool(configuration, on: $0, limit: share) }
    }

    deinit {
        // After a shutdown there is nothing left to do.
        for pool in pools { pool.stop {} }
    }

    /// Sends `request` and returns the whole answer, whatever its status.
    ///
    /// Cancelling the task ends the transfer at once, with `OutboundFailure.cancelled`.
    package func send(_ request: OutboundRequest) async throws(OutboundFailure) -> OutboundResponse {
        // Refused before anything is sent: a fast server could answer before the loop hears of the cancellation.
        if Task.isCancelled { throw .cancelled(requestSent: false) }
        let pool = pool
        let id = pool.newIdentifier()
        let deadline = ContinuousClock.now + request.deadline
        let outcome = Lock<TransferOrder.Outcome>(.failure(.closed(requestSent: false)))
        await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                pool.start(
                    TransferOrder(
                        id: id, request: request, deadline: deadline, outcome: outcome, continuation: continuation))
                // The handler below may have run before the order was given, when there was nothing to cancel.
                if Task.isCancelled { pool.cancel(id) }
            }
        } onCancel: {
            pool.cancel(id)
        }
        return try outcome.withLock { $0 }.get()
    }

    /// Ends all transfers with `OutboundFailure.closed` and closes all connections.
    ///
    /// Requests that come later fail in the same way. A second call returns at once.
    package func shutdown() async {
        for pool in pools {
            await withCheckedContinuation { continuation in pool.stop { continuation.resume() } }
        }
    }

    /// The caller's loop's, so that the request never leaves its thread.
    private var pool: ConnectionPool {
        let current = EventLoop.current
        return pools.first { $0.loop === current } ?? pools[0]
    }

    private static func ownLoop() throws(OutboundSetupError) -> EventLoops {
        do throws(EventLoopError) { return try EventLoops(count: 1) } catch {
            throw .unavailable(error.description)
        }
    }
}
