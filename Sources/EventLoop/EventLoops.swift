/// The loops of a program, and their end.
package final class EventLoops: Sendable {
    package let all: [EventLoop]

    /// Starts `count` loops.
    package init(count: Int) throws(EventLoopError) {
        var started: [EventLoop] = []
        do throws(EventLoopError) {
            for _ in 0..<max(1, count) { started.append(try EventLoop()) }
        } catch {
            for loop in started { loop.stop(isWaiting: true) }
            throw error
        }
        all = started
    }

    // Perhaps on a loop's own thread, which cannot wait for itself.
    deinit { for loop in all { loop.stop(isWaiting: false) } }

    /// Ends all loops and waits for it. Last, when no source is left on them, and not from one of them. A second call does nothing.
    package func stop() {
        for loop in all { loop.stop(isWaiting: true) }
    }
}
