/// What a server has done and is doing, for metrics.
package struct HTTPServerStatistics: Sendable, Equatable {
    /// Connections open now.
    package var connections = 0
    /// Requests with the handler now.
    package var inFlight = 0
    /// Requests begun and not yet ended: reading, handling or answering.
    package var openRequests = 0
    /// Connections accepted so far.
    package var acceptedConnections = 0
    /// Requests given to the handler so far.
    package var handledRequests = 0
    /// Requests answered by `prepare` so far.
    package var earlyAnswers = 0
    /// Requests answered by the server itself so far.
    package var refusals = 0
    /// Of those, handlers that missed their deadline.
    package var overdue = 0
    /// Connections turned away by the global limit so far.
    package var refusedByLimit = 0
    /// Connections turned away by the limit of their address so far.
    package var refusedByAddressLimit = 0
    /// Connections cut for being slow or idle so far.
    package var reaped = 0
    /// Failures of `accept` so far.
    package var acceptFailures = 0

    /// All zero.
    package init() {}
}
