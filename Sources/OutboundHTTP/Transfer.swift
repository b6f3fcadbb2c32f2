import Secrets

/// One request and what came back so far. For its loop's thread alone.
final class Transfer {
    let order: TransferOrder
    let origin: Origin
    /// What goes over the wire.
    let bytes: Secret
    /// How much of it has gone.
    var sent = 0
    /// Set just before the first byte goes out.
    var isRequestSent = false
    var reader: AnswerReader
    /// Who sends it; nil while it waits for a connection.
    var connection: Connection?
    /// Whether that connection has served before.
    var isOnKeptConnection = false
    /// Set when a kept one died under it: so it is tried twice at the most.
    var wantsNewConnection = false

    init(_ order: TransferOrder, userAgent: String) throws(OutboundFailure) {
        self.order = order
        origin = Origin(order.request.url)
        bytes = try order.request.bytes(userAgent: userAgent)
        reader = AnswerReader(maximumBytes: order.request.maximumBytes)
    }

    /// The answer. Once, when the reader is complete.
    func finish() -> OutboundResponse {
        var reader = AnswerReader(maximumBytes: 0)
        swap(&reader, &self.reader)
        return reader.finish()
    }
}
