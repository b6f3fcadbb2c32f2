import Glibc

/// A value behind a pthread mutex. (`Synchronization.Mutex` gives false races under ThreadSanitizer.)
///
/// `@unchecked Sendable`: `value` is touched only with the mutex held.
@safe final class Lock<Value: Sendable>: @unchecked Sendable {
    private var value: Value
    // Allocated in init, freed in deinit, when nobody else can hold a reference.
    private let mutex: UnsafeMutablePointer<pthread_mutex_t>

    init(_ value: Value) {
        self.value = value
        unsafe mutex = .allocate(capacity: 1)
        unsafe mutex.initialize(to: pthread_mutex_t())
        let result = unsafe pthread_mutex_init(mutex, nil)
        precondition(result == 0, "pthread_mutex_init")
    }

    deinit {
        unsafe pthread_mutex_destroy(mutex)
        unsafe mutex.deallocate()
    }

    /// Runs `body` with the mutex held. It must not block, nor lock again.
    func withLock<Result>(_ body: (inout Value) -> Result) -> Result {
        unsafe pthread_mutex_lock(mutex)
        defer { unsafe pthread_mutex_unlock(mutex) }
        return body(&value)
    }
}
