import CEpoll
import Glibc

/// The descriptors that one loop watches, and for whom. For the loop's thread alone.
@safe struct DescriptorSet: ~Copyable {
    private let set: Int32
    // By descriptor: they are small numbers.
    private var watchers: [(any DescriptorWatcher)?] = []
    private var events = unsafe [epoll_event](repeating: epoll_event(), count: Self.batch)

    /// How many are looked at in one turn; the others come in the next.
    private static let batch = 128

    init() throws(EventLoopError) {
        set = cepoll_create()
        guard set >= 0 else { throw EventLoopError(description: "no descriptor for epoll: error \(errno)") }
    }

    deinit { close(set) }

    /// Watches `descriptor` for `watcher`, or changes what it is watched for. False where the system refuses.
    mutating func watch(_ descriptor: Int32, for readiness: Readiness, by watcher: any DescriptorWatcher) -> Bool {
        let index = Int(descriptor)
        while watchers.count <= index { watchers.append(nil) }
        guard cepoll_watch(set, descriptor, readiness.rawValue, watchers[index] == nil ? 1 : 0) == 0 else {
            return false
        }
        watchers[index] = watcher
        return true
    }

    mutating func forget(_ descriptor: Int32) {
        guard watchers.indices.contains(Int(descriptor)) else { return }
        watchers[Int(descriptor)] = nil
        _ = cepoll_forget(set, descriptor)
    }

    /// Waits up to `milliseconds` (below 0: for ever). How many are ready then.
    mutating func wait(_ milliseconds: Int32) -> Int {
        // The array is this set's; the kernel writes no more than its length.
        max(0, Int(unsafe epoll_wait(set, &events, Int32(Self.batch), milliseconds)))
    }

    /// Who watches the ready descriptor at `index`, and what for; nil when it was forgotten since.
    func ready(_ index: Int) -> (watcher: any DescriptorWatcher, readiness: Readiness, descriptor: Int32)? {
        let descriptor = unsafe events[index].data.fd
        guard watchers.indices.contains(Int(descriptor)), let watcher = watchers[Int(descriptor)] else { return nil }
        let readiness = Readiness(rawValue: unsafe events[index].events).intersection([.reading, .writing])
        // An error or an end: whoever waits for either shall try, and be told.
        return (watcher, readiness.isEmpty ? [.reading, .writing] : readiness, descriptor)
    }
}
