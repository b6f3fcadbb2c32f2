import Glibc

/// A mutex around one value.
///
/// pthread's, not `Synchronization.Mutex`, which gives false races under ThreadSanitizer.
@safe package final class Lock<Value>: @unchecked Sendable {
    // The mutex is allocated in init, destroyed in deinit, and used only through pthread; the value is touched only
    // while it is held.
    private let mutex: UnsafeMutablePointer<pthread_mutex_t>
    private var value: Value

    package init(_ value: sending Value) {
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
