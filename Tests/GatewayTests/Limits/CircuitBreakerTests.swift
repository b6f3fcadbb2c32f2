import Testing

@testable import Gateway

/// When an endpoint is left alone, and when it is tried again.
struct CircuitBreakerTests {
    private let start = ContinuousClock.now
    private let breaker = CircuitBreaker()

    private func fail(_ count: Int, after seconds: Double = 0) {
        for _ in 0..<count { breaker.note(.failed, of: "sts", at: start + .seconds(seconds), random: 1) }
    }

    private func mayCall(after seconds: Double, _ endpoint: String = "sts") -> Bool {
        breaker.mayCall(endpoint, at: start + .seconds(seconds))
    }

    @Test func `opens at the tenth failure in a row, for itself alone`() {
        fail(9)
        #expect(mayCall(after: 0) && breaker.open.isEmpty)
        fail(1)
        #expect(!mayCall(after: 0) && !mayCall(after: 0.99) && breaker.open == ["sts"])
        #expect(mayCall(after: 0, "another"))
    }

    @Test func `an answer in between begins the count anew`() {
        for _ in 0..<5 {
            fail(9)
            breaker.note(.answered, of: "sts", at: start)
        }
        #expect(mayCall(after: 0))
    }

    @Test func `lets one call try, which closes it or doubles the pause up to half a minute`() {
        fail(10)
        var (now, pause) = (0.0, 1.0)
        for _ in 0..<8 {
            now += pause
            #expect(!mayCall(after: now - 0.01) && mayCall(after: now) && !mayCall(after: now + 100))
            fail(1, after: now)
            pause = min(pause * 2, 30)
        }
        #expect(pause == 30)
        now += pause
        #expect(mayCall(after: now))
        breaker.note(.answered, of: "sts", at: start + .seconds(now))
        #expect(mayCall(after: now) && mayCall(after: now) && breaker.open.isEmpty)
    }

    @Test func `failures of calls that were under way do not lengthen the pause`() {
        fail(60)
        #expect(mayCall(after: 1))
    }

    @Test func `a trial that nobody waits for is given to the next`() {
        fail(10)
        #expect(mayCall(after: 1) && !mayCall(after: 1))
        breaker.note(.unknown, of: "sts", at: start + .seconds(1))
        #expect(mayCall(after: 1) && !mayCall(after: 1))
    }

    @Test func `remembers a bounded number of endpoints`() {
        for number in 0..<5_000 {
            for _ in 0..<10 { breaker.note(.failed, of: "sts-\(number)", at: start, random: 1) }
        }
        #expect(breaker.open.count == 1024)
        breaker.note(.answered, of: "sts-3", at: start)
        fail(10)
        #expect(breaker.open.contains("sts"))
    }
}
