import ExchangeCore
import StrictJSON
import TestSupport
import Testing

@testable import Gateway

/// The queues and their threads.
struct AuditLogTests {
    private let body = AuditBody(openObject: Array(#"{"v":1,"outcome":"allowed""#.utf8))
    private let origin = AuditOrigin(replica: "re\"plica", bootID: nil, now: { Timestamp(seconds: 0) })

    @Test func `numbers the lines in their order, many at once`() async throws {
        let sink = FakeSink()
        let log = try AuditLog(sinks: [sink], origin: origin, patience: .seconds(60))
        try await withThrowingTaskGroup { group in
            for _ in 0..<200 { group.addTask { try await log.append(body) } }
            try await group.waitForAll()
        }
        #expect(try sink.records.map { $0["sequence"]?.integer } == (2...201).map(Int64.init))
        #expect(try sink.records.allSatisfy { $0["replica"] == "re\"plica" })
        log.close()
        #expect(await failure(of: log)?.contains("closed") == true)
    }

    @Test func `every sink must take a record`() async throws {
        let (good, bad) = (FakeSink(), FakeSink(failure: "full"))
        for sinks in [[good, bad], [bad, good]] {
            let log = try AuditLog(sinks: sinks, origin: origin, patience: .seconds(60))
            #expect(await failure(of: log) == "full" && !log.isWritable)
            log.close()
        }
    }

    @Test func `refuses at once when the queue is full, and loses nothing that waits`() async throws {
        let sink = FakeSink(isHeld: true)
        let queue = try AuditQueue(sink: sink, origin: origin)
        let outcomes = FakeSink()
        await withTaskGroup { group in
            group.addTask { _ = await queue.append(body) }
            while sink.entered == 0 { await Task.yield() }
            for _ in 0..<1030 {
                group.addTask {
                    guard case .failed(let cause) = await queue.append(body), cause.contains("full") else { return }
                    _ = try? outcomes.append(Array("refused\n".utf8))  // This one never fails.
                }
            }
            while outcomes.lines.count < 6 { await Task.yield() }
            sink.release()
        }
        #expect(try outcomes.lines.count == 6 && sink.records.count == 1025)
        #expect(queue.isWritable)
        queue.close()
    }

    /// The pause between two looks is the test's: no clock but that of the patience itself.
    @Test func `gives up what waits too long, written or not`() async throws {
        let sink = FakeSink(isHeld: true)
        let log = try AuditLog(sinks: [sink], origin: origin, patience: .milliseconds(100))
        let watch = Task { await log.watch(sleep: { _ in try await Task.sleep(for: .milliseconds(1)) }) }
        async let writing = failure(of: log)
        #expect(try await eventually { sink.entered == 1 })
        async let waiting = failure(of: log)
        #expect(await writing?.contains("took longer") == true)
        #expect(await waiting?.contains("took longer") == true)
        #expect(!log.isWritable)
        sink.release()
        #expect(try await eventually { log.isWritable })
        #expect(await failure(of: log) == nil)
        // The one that was being written when it was given up stands in the log; the one that only waited does not.
        #expect(try sink.records.map { $0["sequence"]?.integer } == [2, 3])
        watch.cancel()
        await watch.value
        log.close()
    }

    @Test func `one write takes all that wait`() async throws {
        let sink = FakeSink(isHeld: true)
        let queue = try AuditQueue(sink: sink, origin: origin)
        await withTaskGroup { group in
            group.addTask { _ = await queue.append(body) }
            while sink.entered == 0 { await Task.yield() }
            for _ in 0..<500 { group.addTask { _ = await queue.append(body) } }
            while queue.waiting < 500 { await Task.yield() }
            sink.release()
        }
        #expect(try sink.records.count == 501 && sink.entered == 2)
        queue.close()
    }

    @Test func `promises no more than its weakest sink`() throws {
        let log = try AuditLog(
            sinks: [FakeSink(), StandardOutputSink()], origin: origin, patience: .seconds(1))
        #expect(log.durability == .written)
        log.close()
    }

    /// Why a record was not taken; nil when it was.
    private func failure(of log: AuditLog) async -> String? {
        do throws(Refusal) {
            try await log.append(body)
            return nil
        } catch {
            return error.cause
        }
    }
}
