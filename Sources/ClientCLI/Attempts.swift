import ClientHTTP

/// Up to three attempts at one thing, all under one deadline.
struct Attempts {
    /// As AWS's own clients do in their standard mode.
    static let maximum = 3

    let log: Log
    let pause: (Duration) -> Void
    /// How long one request may take before it is given up for the next: the gateway takes 10 s for one at most.
    var patience = Duration.seconds(15)

    /// What `attempt` gives, or its last failure. Nothing is begun that `deadline` would cut short.
    func run<Value>(
        until deadline: Deadline, _ attempt: () throws(AttemptFailure) -> Value
    ) throws(ClientFailure) -> Value {
        var number = 1
        while true {
            do throws(AttemptFailure) {
                return try attempt()
            } catch {
                guard number < Self.maximum, !deadline.isPast,
                    let wait = Self.wait(before: number + 1, error.retry)
                else { throw error.failure }
                guard wait < deadline.remaining else { throw Self.outOfTime(error.failure, wait) }
                log.warn("attempt \(number) of \(Self.maximum) failed, trying again: \(error.failure)")
                pause(wait)
                number += 1
            }
        }
    }

    /// By when a request that begins now is over.
    func limit(until deadline: Deadline) -> Deadline { min(deadline, .after(patience)) }

    /// nil when there shall be no further attempt. The jitter spreads steps that failed together.
    private static func wait(before attempt: Int, _ retry: AttemptFailure.Retry) -> Duration? {
        let jitter = Duration.milliseconds(Int.random(in: 0...(500 << (attempt - 1))))
        switch retry {
        case .never: return nil
        case .unsent, .sent(after: nil): return jitter
        case .sent(after: let asked?): return asked + jitter
        }
    }

    private static func outOfTime(_ failure: ClientFailure, _ wait: Duration) -> ClientFailure {
        ClientFailure(
            failure.kind, event: failure.event,
            remedy:
                "The time left does not allow another attempt after \(wait.components.seconds) s: "
                + "raise the parameter timeout. "
                + failure.remedy,
            requestID: failure.requestID, code: failure.code)
    }
}
