import CEpoll
import Glibc
import Threading

/// A thread that waits for descriptors, does what they bring, and runs the tasks that prefer it.
///
/// The server's connections, the calls to STS and the tasks in between are driven by the same loop, so a request goes from thread to thread
/// only where it must wait for the disk. Work that blocks does not belong here: it holds up everything else of the loop.
///
/// `@unchecked Sendable`: `descriptors` and `turnTakers` are touched by the loop's thread alone; the rest is constant or locked.
@safe package final class EventLoop: TaskExecutor, @unchecked Sendable {
    private let state = Lock(State())
    /// An eventfd that ends the wait.
    private let bell: Int32
    private var descriptors: DescriptorSet
    private var turnTakers: [any TurnTaker] = []

    private struct State: Sendable {
        var work: [Work] = []
        /// Whether the thread waits for descriptors, so that new work must ring.
        var isAsleep = false
        var isStopping = false
        /// Nothing is run here any more.
        var isOver = false
        var thread: PlainThread?
    }

    private enum Work: Sendable {
        case job(UnownedJob)
        case command(@Sendable () -> Void)
    }

    /// How often tasks may make each other ready before descriptors are looked at again.
    private static let longestRun = 16

    /// Starts the loop's thread. Whoever made the loop must stop it, as `EventLoops` does.
    init() throws(EventLoopError) {
        descriptors = try DescriptorSet()
        bell = cepoll_new_counter()
        guard bell >= 0 else { throw EventLoopError(description: "no descriptor for an eventfd: error \(errno)") }
        guard let thread = PlainThread({ self.run() }) else { throw EventLoopError(description: "no thread") }
        state.withLock { $0.thread = thread }
    }

    deinit { close(bell) }

    /// The loop whose thread this is; nil elsewhere.
    package static var current: EventLoop? { CurrentLoop.value }

    /// Runs `body` on the loop's thread, after what was given before. False when the loop is over: `body` is then dropped.
    @discardableResult package func execute(_ body: @escaping @Sendable () -> Void) -> Bool {
        give(.command(body))
    }

    /// Runs a task's next part here, or in the common pool when the loop is over: no task is ever left behind.
    package func enqueue(_ job: consuming ExecutorJob) {
        let job = UnownedJob(job)
        if !give(.job(job)) { globalConcurrentExecutor.enqueue(job) }
    }

    /// Ends the thread after the work it has. With `isWaiting` it returns when that is done: not from the loop itself.
    func stop(isWaiting: Bool) {
        let thread = state.withLock { state in
            state.isStopping = true
            defer { state.thread = nil }
            return state.thread
        }
        ring()
        if isWaiting { thread?.join() } else { thread?.detach() }
    }

    private func give(_ work: Work) -> Bool {
        let (isTaken, sleeps) = state.withLock { state in
            guard !state.isOver else { return (false, false) }
            state.work.append(work)
            defer { state.isAsleep = false }
            return (true, state.isAsleep)
        }
        if sleeps { ring() }
        return isTaken
    }

    private func ring() { _ = eventfd_write(bell, 1) }
}

// MARK: On the loop's thread

extension EventLoop {
    /// Begins to give `taker` its turns.
    package func add(_ taker: any TurnTaker) {
        precondition(Self.current === self)
        turnTakers.append(taker)
    }

    /// Gives `taker` no more turns.
    package func remove(_ taker: any TurnTaker) {
        precondition(Self.current === self)
        turnTakers.removeAll { $0 === taker }
    }

    /// Tells `watcher` of `descriptor`, from now on and for this. False where the system refuses.
    package func watch(_ descriptor: Int32, for readiness: Readiness, by watcher: any DescriptorWatcher) -> Bool {
        precondition(Self.current === self)
        return descriptors.watch(descriptor, for: readiness, by: watcher)
    }

    /// Watches `descriptor` no more. Before it is closed: its number may be another's at once.
    package func forget(_ descriptor: Int32) {
        precondition(Self.current === self)
        descriptors.forget(descriptor)
    }
}

// MARK: The thread

extension EventLoop {
    private func run() {
        CurrentLoop.value = self
        defer { CurrentLoop.value = nil }
        blockSignals()
        guard watch(bell, for: .reading, by: Bell(bell)) else { preconditionFailure("epoll refuses an eventfd") }
        var work: [Work] = []
        while true {
            runWork(&work)
            let due = takeTurns()
            guard wait(until: due) else { break }
        }
        forget(bell)
        end()
    }

    /// Runs what is there and what that makes ready.
    private func runWork(_ work: inout [Work]) {
        for _ in 0..<Self.longestRun {
            state.withLock { swap(&$0.work, &work) }
            guard !work.isEmpty else { return }
            for piece in work { perform(piece) }
            work.removeAll(keepingCapacity: true)
        }
    }

    private func perform(_ work: Work) {
        switch work {
        case .job(let job): unsafe job.runSynchronously(on: asUnownedTaskExecutor())
        case .command(let body): body()
        }
    }

    private func takeTurns() -> ContinuousClock.Instant? {
        var earliest: ContinuousClock.Instant?
        for taker in turnTakers {
            guard let due = taker.turn() else { continue }
            earliest = earliest.map { min($0, due) } ?? due
        }
        return earliest
    }

    /// Waits for descriptors, work or the time. False when the loop is to end.
    private func wait(until due: ContinuousClock.Instant?) -> Bool {
        let (isStopping, mayWait) = state.withLock { state in
            state.isAsleep = state.work.isEmpty
            return (state.isStopping && state.work.isEmpty, state.work.isEmpty)
        }
        if isStopping { return false }
        let count = descriptors.wait(mayWait ? Self.milliseconds(until: due) : 0)
        state.withLock { $0.isAsleep = false }
        for index in 0..<count {
            // One by one: what a watcher is told may make it watch and forget.
            guard let ready = descriptors.ready(index) else { continue }
            ready.watcher.became(ready.readiness, ready.descriptor)
        }
        return true
    }

    /// Rounded up, so that nobody is asked before the time has come; -1 is for ever.
    private static func milliseconds(until due: ContinuousClock.Instant?) -> Int32 {
        guard let due else { return -1 }
        let left = due - .now
        guard left > .zero else { return 0 }
        let (seconds, attoseconds) = left.components
        return Int32(
            clamping: seconds.multipliedReportingOverflow(by: 1000).partialValue + attoseconds / 1_000_000_000_000_000
                + 1)
    }

    /// What came since the last look is not lost: commands are run, tasks go on in the common pool.
    private func end() {
        let rest = state.withLock { state in
            state.isOver = true
            defer { state.work = [] }
            return state.work
        }
        for work in rest {
            switch work {
            case .job(let job): globalConcurrentExecutor.enqueue(job)
            case .command(let body): body()
            }
        }
    }

    /// Signals belong to the program's other threads; SIGPIPE above all must not come from a socket of ours.
    private func blockSignals() {
        var all = sigset_t()
        unsafe sigfillset(&all)
        unsafe pthread_sigmask(SIG_BLOCK, &all, nil)
    }
}

/// Empties the loop's eventfd when it has rung.
private final class Bell: DescriptorWatcher {
    private let descriptor: Int32

    init(_ descriptor: Int32) { self.descriptor = descriptor }

    func became(_: Readiness, _: Int32) {
        var count: eventfd_t = 0
        _ = unsafe eventfd_read(descriptor, &count)
    }
}
