import CMicroHTTPD
import Glibc

/// An eventfd that wakes a thread out of `poll`.
final class Waker: Sendable {
    /// Readable once woken.
    let descriptor: Int32

    /// nil when the system has no descriptor to give.
    init?() {
        descriptor = eventfd(0, Int32(EFD_CLOEXEC | EFD_NONBLOCK))
        if descriptor < 0 { return nil }
    }

    deinit {
        close(descriptor)
    }

    /// Wakes the thread, now or at its next `poll`. Never blocks: a full counter is as awake as it gets.
    func wake() {
        _ = eventfd_write(descriptor, 1)
    }
}
