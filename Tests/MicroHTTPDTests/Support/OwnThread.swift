import Foundation

/// Runs blocking work on a thread of its own: the task pool has two threads, and servers under test need them.
func onOwnThread<Result: Sendable>(_ work: @escaping @Sendable () throws -> Result) async throws -> Result {
    try await withCheckedThrowingContinuation { continuation in
        let thread = Thread {
            continuation.resume(with: Swift.Result(catching: work))
        }
        thread.start()
    }
}

/// Looks every few milliseconds until `condition` holds; false when it does not within `limit`.
func eventually(within limit: Duration = .seconds(20), _ condition: () async throws -> Bool) async throws -> Bool {
    let end = ContinuousClock.now + limit
    while ContinuousClock.now < end {
        if try await condition() { return true }
        try await Task.sleep(for: .milliseconds(5))
    }
    return try await condition()
}

/// A moment between two looks of a blocking loop. Not for tasks.
func pause() {
    Thread.sleep(forTimeInterval: 0.005)
}
