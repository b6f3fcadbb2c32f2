import ExchangeCore
import Testing

@testable import Gateway

/// Turns, and who must wait or go.
struct FairQueueTests {
    private static let small = AdmissionLimits(
        concurrent: 3, concurrentPerRepository: 2, waiting: 6, waitingPerRepository: 4)

    @Test func `runs up to the limits, then lets wait`() {
        var queue = FairQueue(limits: Self.small)
        #expect(queue.enter("a", 1) == .admitted && queue.enter("a", 2) == .admitted)
        #expect(queue.enter("a", 3) == .waits(evicted: nil))
        #expect(queue.enter("b", 4) == .admitted)
        #expect(queue.enter("b", 5) == .waits(evicted: nil))
        #expect(queue.running == 3 && queue.waiting == 2)
        // The first in turn that may run: a still runs one after this.
        #expect(queue.leave("a") == [3] && queue.leave("b") == [5])
        #expect(queue.leave("a").isEmpty && queue.running == 2)
    }

    @Test func `serves repositories in turn, not requests`() {
        var queue = FairQueue(limits: AdmissionLimits(concurrent: 1, concurrentPerRepository: 1))
        #expect(queue.enter("noisy", 0) == .admitted)
        for number in 1...9 { _ = queue.enter("noisy", number) }
        _ = queue.enter("quiet", 10)
        _ = queue.enter("other", 11)
        var (order, running): ([Int], String) = ([], "noisy")
        while let next = queue.leave(running).first {
            order.append(next)
            running = next == 10 ? "quiet" : next == 11 ? "other" : "noisy"
        }
        #expect(order == [1, 10, 11, 2, 3, 4, 5, 6, 7, 8, 9])
    }

    @Test func `a repository may not fill the queue`() {
        var queue = FairQueue(limits: Self.small)
        for number in 1...6 { _ = queue.enter("a", number) }
        #expect(queue.enter("a", 7) == .refused(.rateLimited(retryAfter: .seconds(1))))
        #expect(queue.enter("b", 8) == .admitted)
    }

    @Test func `in a full queue who waits most makes room`() {
        var queue = FairQueue(limits: Self.small)
        for (number, name) in ["a", "a", "b", "a", "a", "a", "a", "b", "b"].enumerated() {
            _ = queue.enter(name, number)
        }
        #expect(queue.waiting == 6)
        #expect(queue.enter("quiet", 20) == .waits(evicted: 6))
        // Now a waits thrice and b twice: b would only change places with a.
        #expect(queue.enter("b", 21) == .refused(.overloaded))
        #expect(queue.waiting == 6 && queue.running == 3)
    }

    /// One repository sends ten requests for each of the other's, more than can be served.
    @Test func `a repository ten times as noisy costs a quiet one no refusal and a few places`() {
        var queue = FairQueue(
            limits: AdmissionLimits(concurrent: 8, concurrentPerRepository: 4, waiting: 32, waitingPerRepository: 24))
        var running: [(number: Int, name: String)] = []
        var (number, noisyRefused) = (0, 0)
        var waitingSince: [Int: Int] = [:]
        var worst = 0
        var served = 0
        for round in 0..<2_000 {
            for name in Array(repeating: "noisy", count: 10) + ["quiet"] {
                number += 1
                switch queue.enter(name, number) {
                case .admitted: running.append((number, name))
                case .refused:
                    if name == "quiet" {
                        Issue.record("the quiet one was refused in round \(round)")
                    } else {
                        noisyRefused += 1
                    }
                case .waits: if name == "quiet" { waitingSince[number] = served }
                }
            }
            // Six are done while eleven come.
            for _ in 0..<min(6, running.count) {
                let done = running.removeFirst()
                served += 1
                for next in queue.leave(done.name) {
                    let since = waitingSince.removeValue(forKey: next)
                    running.append((next, since == nil ? "noisy" : "quiet"))
                    if let since { worst = max(worst, served - since) }
                }
            }
        }
        #expect(noisyRefused > 5_000 && waitingSince.count <= 1)
        #expect(worst <= 8, "the quiet one waited for \(worst) others")
    }

    @Test func `keeps count whatever happens`() {
        var queue = FairQueue(limits: Self.small)
        var (running, waiting): ([Int: String], [Int: String]) = ([:], [:])
        for number in 0..<20_000 {
            let name = ["a", "b", "c", "d"].randomElement() ?? "a"
            switch Int.random(in: 0..<3) {
            case 0:
                switch queue.enter(name, number) {
                case .admitted: running[number] = name
                case .waits(let evicted):
                    waiting[number] = name
                    if let evicted { #expect(waiting.removeValue(forKey: evicted) != nil) }
                case .refused: break
                }
            case 1:
                guard let done = running.randomElement() else { continue }
                running[done.key] = nil
                for next in queue.leave(done.value) { running[next] = waiting.removeValue(forKey: next) }
            default:
                guard let tired = waiting.randomElement() else { continue }
                let (first, second) = (
                    queue.leaveQueue(tired.value, tired.key), queue.leaveQueue(tired.value, tired.key)
                )
                #expect(first && !second)
                waiting[tired.key] = nil
            }
            #expect(queue.running == running.count && queue.waiting == waiting.count)
            #expect(running.count <= 3 && waiting.count <= 6)
            #expect(Set(running.values).allSatisfy { name in running.values.count { $0 == name } <= 2 })
            // Nobody waits who could run.
            let couldRun = waiting.values.contains { name in running.values.count { $0 == name } < 2 }
            #expect(running.count == 3 || !couldRun)
        }
    }
}
