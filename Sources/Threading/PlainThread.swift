import Glibc

/// A thread of our own, for what blocks: the task pool has two threads and none to spare.
@safe package final class PlainThread: Sendable {
    private let thread: pthread_t

    /// Starts a thread that runs `body` once. nil when the system has no thread to give.
    package init?(_ body: @escaping @Sendable () -> Void) {
        var thread = pthread_t()
        // The box's reference passes to the new thread, which releases it; here only if there is no such thread.
        let box = unsafe Unmanaged.passRetained(Box(body))
        guard unsafe pthread_create(&thread, nil, plainThreadMain, box.toOpaque()) == 0 else {
            unsafe box.release()
            return nil
        }
        self.thread = thread
    }

    /// Waits for the end of the thread. Exactly one caller, and never from a task.
    package func join() {
        _ = pthread_join(thread, nil)
    }

    /// Lets the thread end by itself: nobody will join it. Instead of `join`, once.
    package func detach() {
        _ = pthread_detach(thread)
    }

    fileprivate final class Box: Sendable {
        let body: @Sendable () -> Void

        init(_ body: @escaping @Sendable () -> Void) { self.body = body }
    }
}

/// The thread's first function. At file scope, so that no actor's isolation is attached to it.
private func plainThreadMain(_ argument: UnsafeMutableRawPointer?) -> UnsafeMutableRawPointer? {
    guard let argument = unsafe argument else { return nil }
    // The reference that `init` gave away.
    unsafe Unmanaged<PlainThread.Box>.fromOpaque(argument).takeRetainedValue().body()
    return nil
}
