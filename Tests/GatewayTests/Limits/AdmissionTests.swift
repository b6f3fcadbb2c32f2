import ExchangeCore
import Testing
import Threading

@testable import Gateway

/// The queue with tasks in it.
struct AdmissionTests {
    @Test func `runs no more at a time than allowed, and all of them in the end`() async throws {
        let admission = Admission(
            limits: AdmissionLimits(concurrent: 4, concurrentPerRepository: 2, patience: .seconds(60)))
        let counts = Lock((now: 0, most: 0, done: 0))
        try await withThrowingTaskGroup { group in
            for number in 0..<200 {
                group.addTask {
                    try await admission.run(for: "r\(number % 5)", before: .now + .seconds(60)) {
                        counts.withLock { counts in
                            counts.now += 1
                            counts.most = max(counts.most, counts.now)
                        }
                        await Task.yield()
                        counts.withLock { counts in
                            counts.now -= 1
                            counts.done += 1
                        }
                    }
                }
            }
            try await group.waitForAll()
        }
        let seen = counts.withLock { $0 }
        #expect(seen.done == 200 && seen.most <= 4 && seen.now == 0)
        #expect(admission.load == (0, 0))
    }

    /// One of the two is a day: if it were the one that counts, the test would not end.
    @Test(arguments: [(Duration.milliseconds(1), Duration.seconds(86_400)), (.seconds(86_400), .milliseconds(1))])
    func `who waits longer than its deadline or the patience is refused, and loses its place`(
        _ patience: Duration, _ deadline: Duration
    ) async throws {
        let limits = AdmissionLimits(concurrent: 1, concurrentPerRepository: 1, patience: patience)
        let admission = Admission(limits: limits)
        let watch = Task { await admission.watch(sleep: { _ in try await Task.sleep(for: .milliseconds(1)) }) }
        try await admission.run(for: "a", before: .now + .seconds(60)) {
            let failure = await failure { () async throws(STSFailure) in
                try await admission.run(for: "b", before: .now + deadline) {}
            }
            #expect(failure?.refusal == .overloaded && failure?.reachedSTS == false && failure?.attempts == 0)
            #expect(admission.load == (1, 0))
        }
        #expect(
            await failure { () async throws(STSFailure) in
                try await admission.run(for: "b", before: .now + .seconds(60)) {}
            } == nil)
        watch.cancel()
        await watch.value
    }

    @Test func `gives the place back when the call fails`() async {
        let admission = Admission(limits: AdmissionLimits(concurrent: 1, concurrentPerRepository: 1))
        let thrown = STSFailure(refusal: .stsTimeout(cause: "x"), reachedSTS: true, attempts: 3)
        for _ in 0..<3 {
            let failure = await failure { () async throws(STSFailure) in
                try await admission.run(for: "a", before: .now + .seconds(60)) { () async throws(STSFailure) in
                    throw thrown
                }
            }
            #expect(failure == thrown)
        }
        #expect(admission.load == (0, 0))
    }

    private func failure(_ body: () async throws(STSFailure) -> Void) async -> STSFailure? {
        do throws(STSFailure) {
            try await body()
            return nil
        } catch { return error }
    }
}
