import Glibc

/// A mutex around one value.
///
/// pthread's, not `Synchronization.Mutex`, which gives false races under ThreadSanitizer.
/// `@unchecked Sendable`: the value is touched only with the mutex held.
@safe package final class Lock<Value: Sendable>: @unchecked Sendable {
    // Allocated in init, destroyed and freed in deinit, when nobody else holds a reference.
    private let mutex: UnsafeMutablePointer<pthread_mutex_t>
    private var value: Value

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

    /// Runs `body` alone. It must not block, and must not take the same lock again.
    package func withLock<Result>(_ body: (inout Value) -> Result) -> Result {
        let locked = unsafe pthread_mutex_lock(mutex)
        precondition(locked == 0, "pthread_mutex_lock: \(locked)")
        defer { unsafe pthread_mutex_unlock(mutex) }
        return body(&value)
    }
}
