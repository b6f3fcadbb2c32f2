import ExchangeCore
package import StrictJSON
import Threading

/// A clock that a test moves.
package final class ManualClock: Sendable {
    private let moment: Lock<Timestamp>

    /// Begins at 2026-01-01T00:04:05Z, the moment of the token vectors.
    package init(_ start: Timestamp = Timestamp(seconds: 1_767_225_845)) {
        moment = Lock(start)
    }

    /// The time now.
    package var now: Timestamp { moment.withLock { $0 } }

    /// The clock as the verifier takes it.
    package var closure: @Sendable () -> Timestamp { { self.now } }

    /// Moves it, backwards when negative.
    package func advance(by duration: Duration) {
        moment.withLock { $0 = $0 + duration }
    }
}
