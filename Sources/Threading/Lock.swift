import Glibc

/// A value behind a pthread mutex. (`Synchronization.Mutex` gives false races under ThreadSanitizer.)
///
/// `@unchecked Sendable`: `value` is touched only with the mutex held.
@safe package final class Lock<Value: Sendable>: @unchecked Sendable {
    private var value: Value
    // Allocated in init, freed in deinit, when nobody else can hold a reference.
    private let mutex: UnsafeMutablePointer<pthread_mutex_t>

    package init(_ value: Value) {
        self.value = value
        unsafe mutex = .allocate(capacity: 1)
        unsafe mutex.initialize(to: pthread_mutex_t())
        let result = unsafe pthread_mutex_init(mutex, nil)
        precondition(result == 0, "pthread_mutex_init: \(result)")
    }

    deinit {
        unsafe pthread_mutex_destroy(mutex)
        unsafe mutex.deallocate()
    }

    /// Runs `body` with the mutex held. It must not block for long, and must not take the same lock again.
    package func withLock<Result, Failure: Error>(
        _ body: (inout Value) throws(Failure) -> Result
    ) throws(Failure) -> Result {
        let locked = unsafe pthread_mutex_lock(mutex)
        precondition(locked == 0, "pthread_mutex_lock: \(locked)")
        defer { unsafe pthread_mutex_unlock(mutex) }
        return try body(&value)
    }
}
