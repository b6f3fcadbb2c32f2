import Threading

/// The one HTTP client towards issuers and STS, over libcurl.
///
/// One plain thread owns all connections, so callers never block the task pool. Certificates are always verified (TLS
/// 1.2 and later), redirects are never followed, and each request has a deadline and a byte cap. Connections, TLS
/// sessions and DNS answers (60 s) are reused.
package final class OutboundHTTPClient: Sendable {
    private let mailbox: Mailbox

    /// Starts the client's thread.
    package init(configuration: OutboundConfiguration) throws(OutboundSetupError) {
        let loop = try TransferLoop(configuration: configuration)
        mailbox = loop.mailbox
        try loop.start()
    }

    deinit {
        // Without a shutdown the thread would wait for ever; after one this is refused, and that is fine.
        _ = mailbox.post(.stop(nil))
    }

    /// Sends `request` and returns the whole answer, whatever its status.
    ///
    /// Cancelling the task ends the transfer at once, with `OutboundFailure.cancelled`.
    package func send(_ request: OutboundRequest) async throws(OutboundFailure) -> OutboundResponse {
        // Refused before anything is sent: a fast server could answer before the loop hears of the cancellation.
        if Task.isCancelled { throw .cancelled(requestSent: false) }
        let id = mailbox.newIdentifier()
        let deadline = ContinuousClock.now + request.deadline
        let outcome = Lock<TransferOrder.Outcome>(.failure(.closed(requestSent: false)))
        await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                let order = TransferOrder(
                    id: id, request: request, deadline: deadline, outcome: outcome, continuation: continuation)
                guard mailbox.post(.start(order)) else { return continuation.resume() }
                // The handler below may have run before the order was posted, when there was nothing to cancel.
                if Task.isCancelled { _ = mailbox.post(.cancel(id)) }
            }
        } onCancel: {
            _ = mailbox.post(.cancel(id))
        }
        return try outcome.withLock { $0 }.get()
    }

    /// Ends all transfers with `OutboundFailure.closed`, closes all connections and ends the thread.
    ///
    /// Requests that come later fail in the same way. A second call returns at once.
    package func shutdown() async {
        await withCheckedContinuation { continuation in
            if !mailbox.post(.stop(continuation)) { continuation.resume() }
        }
    }
}
