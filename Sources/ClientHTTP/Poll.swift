import Glibc

/// Waiting for one descriptor.
enum Poll {
    /// Waits until `descriptor` is ready for `events`, or broken; false when the deadline came first.
    static func wait(_ descriptor: Int32, for events: Int32, until deadline: Deadline) -> Bool {
        var entry = pollfd(fd: descriptor, events: Int16(events), revents: 0)
        while true {
            // The pointer is to a local of one entry.
            let ready = unsafe poll(&entry, 1, deadline.pollTimeout)
            if ready > 0 { return true }
            if ready < 0, errno != EINTR { return true }
            if deadline.isPast { return false }
        }
    }
}

/// The words of the C library for an errno.
func reason(errno code: Int32) -> String {
    var buffer = [CChar](repeating: 0, count: 128)
    // The POSIX form: writes at most the buffer's size, NUL included.
    guard unsafe strerror_r(code, &buffer, buffer.count) == 0 else { return "error \(code)" }
    return String(decoding: buffer.prefix { $0 != 0 }.map(UInt8.init(bitPattern:)), as: UTF8.self)
}
