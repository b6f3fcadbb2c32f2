import EventLoop
import Glibc
import Testing
import Threading

@Suite struct `An event loop` {
    @Test func `runs every part of a task that prefers it on its thread`() async throws {
        let loops = try EventLoops(count: 1)
        defer { loops.stop() }
        let loop = loops.all[0]
        let seen = await Task(executorPreference: loop) {
            var seen = [EventLoop.current === loop]
            await Task.yield()
            seen.append(EventLoop.current === loop)
            await pausing()
            seen.append(EventLoop.current === loop)
            return seen
        }.value
        #expect(seen == [true, true, true])
        #expect(EventLoop.current == nil)
    }

    @Test func `runs commands in their order`() async throws {
        let loops = try EventLoops(count: 1)
        let order = Lock<[Int]>([])
        for number in 0..<1000 { loops.all[0].execute { order.withLock { $0.append(number) } } }
        loops.stop()
        #expect(order.withLock { $0 } == Array(0..<1000))
    }

    @Test func `wakes for work that comes from elsewhere while it waits`() async throws {
        let loops = try EventLoops(count: 2)
        defer { loops.stop() }
        let total = await withTaskGroup(of: Int.self) { group in
            for number in 0..<200 {
                group.addTask(executorPreference: loops.all[number % 2]) {
                    // Resumed from the common pool each time.
                    for _ in 0..<10 { await Task.detached { await Task.yield() }.value }
                    return number
                }
            }
            return await group.reduce(0, +)
        }
        #expect(total == 199 * 100)
    }

    @Test func `tells a watcher of its descriptor until that is forgotten`() async throws {
        let loops = try EventLoops(count: 1)
        defer { loops.stop() }
        let loop = loops.all[0]
        var ends: [Int32] = [0, 0]
        #expect(unsafe pipe(&ends) == 0)
        let reader = ByteReader(reading: ends[0], on: loop)
        loop.execute {
            #expect(loop.watch(reader.descriptor, for: .reading, by: reader))
        }
        for byte in UInt8(1)...3 {
            var byte = byte
            #expect(unsafe write(ends[1], &byte, 1) == 1)
            let taken = reader.taken
            while taken.withLock({ $0.last }) != byte { await Task.yield() }
        }
        #expect(reader.taken.withLock { $0 } == [1, 2, 3])
        await withCheckedContinuation { continuation in
            loop.execute {
                loop.forget(reader.descriptor)
                continuation.resume()
            }
        }
        var byte: UInt8 = 4
        #expect(unsafe write(ends[1], &byte, 1) == 1)
        await Task(executorPreference: loop) { await Task.yield() }.value
        #expect(reader.taken.withLock { $0 } == [1, 2, 3])
        close(ends[0])
        close(ends[1])
    }

    @Test func `calls whoever has turns when he is due though nothing happens`() async throws {
        let loops = try EventLoops(count: 1)
        defer { loops.stop() }
        let loop = loops.all[0]
        let countdown = Countdown(from: 5)
        loop.execute { loop.add(countdown) }
        while countdown.left.withLock({ $0 }) > 0 { await Task.yield() }
        #expect(countdown.left.withLock { $0 } == 0)
    }

    @Test func `leaves no task behind when it ends`() async throws {
        let loops = try EventLoops(count: 1)
        let loop = loops.all[0]
        let gate = Lock<CheckedContinuation<Void, Never>?>(nil)
        let task = Task(executorPreference: loop) {
            await withCheckedContinuation { continuation in gate.withLock { $0 = continuation } }
            return EventLoop.current == nil
        }
        while gate.withLock({ $0 == nil }) { await Task.yield() }
        loops.stop()
        gate.withLock { $0 }?.resume()
        #expect(await task.value)
        #expect(!loop.execute {})
    }

    /// A wait for another thread.
    private func pausing() async {
        await withCheckedContinuation { continuation in
            PlainThread { continuation.resume() }?.detach()
        }
    }
}

/// Reads bytes one by one.
private final class ByteReader: DescriptorWatcher, Sendable {
    let descriptor: Int32
    let taken = Lock<[UInt8]>([])
    private let loop: EventLoop

    init(reading descriptor: Int32, on loop: EventLoop) {
        self.descriptor = descriptor
        self.loop = loop
    }

    func became(_ readiness: Readiness, _ descriptor: Int32) {
        #expect(EventLoop.current === loop && readiness.contains(.reading))
        var byte: UInt8 = 0
        if unsafe read(descriptor, &byte, 1) == 1 { taken.withLock { $0.append(byte) } }
    }
}

private final class Countdown: TurnTaker, Sendable {
    let left: Lock<Int>

    init(from count: Int) { left = Lock(count) }

    func turn() -> ContinuousClock.Instant? {
        left.withLock { left in
            if left > 0 { left -= 1 }
            return left > 0 ? .now + .milliseconds(1) : nil
        }
    }
}
