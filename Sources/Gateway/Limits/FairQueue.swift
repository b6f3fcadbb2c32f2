import ExchangeCore

/// Who calls STS now, who waits, and who is next: in turn by repository, so that a noisy one waits for itself.
///
/// Values only; `Admission` adds tasks and time.
struct FairQueue: Sendable {
    private let limits: AdmissionLimits
    private(set) var running = 0
    private(set) var waiting = 0
    private var runningBy: [String: Int] = [:]
    private var waitingBy: [String: [Int]] = [:]
    /// The repositories that wait. The first one is served next, and then goes to the end.
    private var turns: [String] = []

    init(limits: AdmissionLimits) { self.limits = limits }

    /// What becomes of a newcomer.
    enum Verdict: Sendable, Equatable {
        case admitted
        /// It waits. `evicted` had to make room for it.
        case waits(evicted: Int?)
        case refused(Refusal)
    }

    /// A request of `repository`, by a number that is its own, wants to call STS.
    mutating func enter(_ repository: String, _ number: Int) -> Verdict {
        if running < limits.concurrent, mayRun(repository), waitingBy[repository] == nil {
            start(repository)
            return .admitted
        }
        guard waitingBy[repository, default: []].count < limits.waitingPerRepository else {
            return .refused(.rateLimited(retryAfter: .seconds(1)))
        }
        guard waiting >= limits.waiting else {
            wait(repository, number)
            return .waits(evicted: nil)
        }
        // Full: the last of those who wait most makes room, unless it would be the newcomer itself.
        guard let longest = turns.max(by: { waitingBy[$0, default: []].count < waitingBy[$1, default: []].count }),
            waitingBy[longest, default: []].count > waitingBy[repository, default: []].count + 1,
            let evicted = waitingBy[longest]?.last
        else { return .refused(.overloaded) }
        _ = leaveQueue(longest, evicted)
        wait(repository, number)
        return .waits(evicted: evicted)
    }

    /// A call of `repository` has ended. Gives the numbers of those whose turn it is.
    mutating func leave(_ repository: String) -> [Int] {
        running -= 1
        runningBy[repository] = runningBy[repository].flatMap { $0 > 1 ? $0 - 1 : nil }
        var admitted: [Int] = []
        while running < limits.concurrent, let index = turns.firstIndex(where: mayRun) {
            let next = turns.remove(at: index)
            guard let number = waitingBy[next]?.removeFirst() else { continue }
            waiting -= 1
            if waitingBy[next]?.isEmpty == true { waitingBy[next] = nil } else { turns.append(next) }
            start(next)
            admitted.append(number)
        }
        return admitted
    }

    /// Takes one that waits out. False when it no longer waits.
    mutating func leaveQueue(_ repository: String, _ number: Int) -> Bool {
        guard let index = waitingBy[repository]?.firstIndex(of: number) else { return false }
        waitingBy[repository]?.remove(at: index)
        waiting -= 1
        if waitingBy[repository]?.isEmpty == true {
            waitingBy[repository] = nil
            turns.removeAll { $0 == repository }
        }
        return true
    }

    private func mayRun(_ repository: String) -> Bool {
        runningBy[repository, default: 0] < limits.concurrentPerRepository
    }

    private mutating func start(_ repository: String) {
        running += 1
        runningBy[repository, default: 0] += 1
    }

    private mutating func wait(_ repository: String, _ number: Int) {
        if waitingBy[repository] == nil { turns.append(repository) }
        waitingBy[repository, default: []].append(number)
        waiting += 1
    }
}

/// How many may call STS, and how many may wait for it.
struct AdmissionLimits: Sendable, Equatable {
    /// Calls at a time. STS takes some hundreds a second from an account; at 100 ms a call this is 640 of them.
    var concurrent = 64
    /// Of one repository: a quarter, so that three others never wait for a fourth.
    var concurrentPerRepository = 16
    /// A short queue: what waits longer than `patience` is better asked again.
    var waiting = 256
    var waitingPerRepository = 64
    var patience = Duration.seconds(2)
}
