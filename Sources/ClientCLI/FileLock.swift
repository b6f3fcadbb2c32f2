import ClientHTTP
import Glibc

/// A lock of flock(2) on an open file, given back with the last reference, and by the system when the process ends.
final class FileLock {
    private let descriptor: Int32

    /// Takes over `descriptor` and waits for its lock; nil when `deadline` came first.
    init?(owning descriptor: Int32, until deadline: Deadline, pause: (Duration) -> Void) {
        self.descriptor = descriptor
        guard Self.take(descriptor, until: deadline, pause: pause) else { return nil }
    }

    deinit { close(descriptor) }

    /// Waits until no other program has the lock; false when `deadline` came first. It is tried at least once. A file
    /// system without locks has none to wait for.
    static func take(_ descriptor: Int32, until deadline: Deadline, pause: (Duration) -> Void) -> Bool {
        while true {
            if flock(descriptor, LOCK_EX | LOCK_NB) == 0 || errno != EWOULDBLOCK { return true }
            if deadline.isPast { return false }
            pause(min(.milliseconds(50), deadline.remaining))
        }
    }
}
