import Glibc

/// Wakes one thread of ours. Signals that come while it works are kept, as one.
///
/// `@unchecked Sendable`: a semaphore may be used from any thread; it is destroyed when no reference is left.
@safe package final class WorkSignal: @unchecked Sendable {
    // Allocated in init, freed in deinit, in between handed to sem_post and sem_wait only.
    private let semaphore: UnsafeMutablePointer<sem_t>

    package init() {
        unsafe semaphore = .allocate(capacity: 1)
        unsafe semaphore.initialize(to: sem_t())
        let result = unsafe sem_init(semaphore, 0, 0)
        precondition(result == 0, "sem_init: \(errno)")
    }

    deinit {
        unsafe sem_destroy(semaphore)
        unsafe semaphore.deallocate()
    }

    /// Wakes the thread, now or at its next `wait`. Fails only when two thousand million signals are pending.
    package func signal() {
        _ = unsafe sem_post(semaphore)
    }

    /// Sleeps until a signal comes, and takes all that are pending. Only for plain threads: it blocks.
    package func wait() {
        while unsafe sem_wait(semaphore) != 0 {}
        while unsafe sem_trywait(semaphore) == 0 {}
    }
}
