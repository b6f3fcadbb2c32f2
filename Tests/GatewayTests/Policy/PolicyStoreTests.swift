import ExchangeCore
import Foundation
import StrictJSON
import Testing
import Threading

@testable import Gateway

@Suite struct PolicyStoreTests {
    private static func store(_ folder: PolicyFolder, now: Int64 = 100) throws -> PolicyStore {
        try PolicyStore(loading: PolicyFiles(path: folder.path), now: { Timestamp(seconds: now) })
    }

    @Test func `without a policy there is no store`() throws {
        let folder = try PolicyFolder()
        #expect(throws: PolicyFaults.self) { try Self.store(folder) }
    }

    @Test func `a reload takes the whole new set and names the lost denies`() throws {
        let folder = try PolicyFolder()
        try folder.write(PolicyFolder.issuers, to: "a.yaml")
        try folder.write(PolicyFolder.rules("one", deny: "no-forks"), to: "b.yaml")
        let store = try Self.store(folder)
        let old = store.current
        try folder.write(PolicyFolder.rules("two"), to: "b.yaml")
        guard case .replaced(let from, let to, let lost) = store.reload() else {
            Issue.record("not replaced")
            return
        }
        #expect(from == old.digest)
        #expect(to == store.current.digest)
        #expect(from != to)
        #expect(lost.map(\.description) == ["deny of no-forks"])
        #expect(store.current.ruleNames == ["two"])
        #expect(old.ruleNames == ["one", "no-forks"])
        guard case .unchanged(digest: to) = store.reload() else {
            Issue.record("changed")
            return
        }
    }

    @Test(arguments: [
        "version: 1\nrules: [", "version: 1\nrules: []\n", "", "version: 1\nrules:\n  - { name: x }\n", nil,
    ])
    func `a faulty, empty or missing set leaves the last good one`(_ text: String?) throws {
        let folder = try PolicyFolder()
        try folder.write(PolicyFolder.whole("one"))
        let store = try Self.store(folder)
        if let text { try folder.write(text) } else { try folder.remove("policy.yaml") }
        guard case .kept(let digest, let faults) = store.reload() else {
            Issue.record("not kept")
            return
        }
        #expect(digest == store.current.digest)
        #expect(store.current.ruleNames == ["one"])
        #expect(store.faults == faults)
        #expect(!faults.faults.isEmpty)
        try folder.write(PolicyFolder.whole("one"))
        guard case .unchanged = store.reload() else {
            Issue.record("changed")
            return
        }
        #expect(store.faults == nil)
    }

    @Test func `one faulty file keeps the good ones beside it out`() throws {
        let folder = try PolicyFolder()
        try folder.write(PolicyFolder.issuers, to: "a.yaml")
        try folder.write(PolicyFolder.rules("one"), to: "b.yaml")
        let store = try Self.store(folder)
        try folder.write(PolicyFolder.rules("two"), to: "b.yaml")
        try folder.write("rules: [", to: "c.yaml")
        _ = store.reload()
        #expect(store.current.ruleNames == ["one"])
    }

    @Test func `a ConfigMap's swap is one change`() throws {
        let folder = try PolicyFolder()
        try folder.mountConfigMap(["a.yaml": PolicyFolder.issuers, "b.yaml": PolicyFolder.rules("one")], version: "1")
        let store = try Self.store(folder)
        #expect(store.current.ruleNames == ["one"])
        try folder.mountConfigMap(["a.yaml": PolicyFolder.issuers, "b.yaml": PolicyFolder.rules("two")], version: "2")
        guard case .replaced = store.reload() else {
            Issue.record("not replaced")
            return
        }
        #expect(store.current.ruleNames == ["two"])
    }

    /// A swap in the midst of the reading: what was read of the old version is thrown away.
    @Test func `a set is never read half before and half after a swap`() throws {
        let folder = try PolicyFolder()
        let files = PolicyFiles(path: folder.path)
        try folder.mountConfigMap(["a.yaml": "1", "b.yaml": "1"], version: "1")
        var reads = 0
        var fault: (any Error)?
        let settled = PolicyFiles.settled(marks: files.marks) { () -> [String?] in
            reads += 1
            let first = try? String(contentsOfFile: folder.path + "/a.yaml", encoding: .utf8)  // Nil shows below.
            if reads == 1 {
                do { try folder.mountConfigMap(["a.yaml": "2", "b.yaml": "2"], version: "2") } catch { fault = error }
            }
            return [first, try? String(contentsOfFile: folder.path + "/b.yaml", encoding: .utf8)]  // As above.
        }
        #expect(fault == nil)
        #expect(settled?.value == ["2", "2"])
        #expect(settled?.marks == files.marks())
        #expect(reads == 2)
    }

    @Test func `files that never hold still are given up`() throws {
        let folder = try PolicyFolder()
        let files = PolicyFiles(path: folder.path)
        var reads = 0
        let settled = PolicyFiles.settled(marks: files.marks) {
            reads += 1
            _ = try? folder.write("x", to: "\(reads).yaml")  // Without a new file it would settle, and fail below.
        }
        #expect(settled == nil)
        #expect(reads == 5)
    }

    /// The clock is read between loading and installing: there a later reload overtakes the one under way.
    @Test func `a reload that lingered does not undo a later one`() throws {
        let folder = try PolicyFolder()
        try folder.write(PolicyFolder.whole("one"))
        let overtake = Lock<(@Sendable () -> Void)?>(nil)
        let store = try PolicyStore(
            loading: PolicyFiles(path: folder.path),
            now: {
                let action = overtake.withLock { action in
                    defer { action = nil }
                    return action
                }
                action?()
                return Timestamp(seconds: 1)
            })
        try folder.write(PolicyFolder.whole("two"))
        let path = folder.path + "/policy.yaml"
        overtake.withLock { action in
            action = {
                try? PolicyFolder.whole("three").write(toFile: path, atomically: true, encoding: .utf8)  // Shows below.
                _ = store.reload()
            }
        }
        _ = store.reload()
        #expect(store.current.ruleNames == ["three"])
    }

    @Test func `the watch reloads on a change, and on each change once`() async throws {
        let folder = try PolicyFolder()
        try folder.write(PolicyFolder.whole("one"))
        let store = try Self.store(folder)
        struct Done: Error {}
        var polls = 0
        var outcomes: [String] = []
        await store.watch(
            sleep: { interval in
                // A look each second, so that a change binds within two.
                #expect(interval == .seconds(1))
                polls += 1
                switch polls {
                case 2: try folder.write(PolicyFolder.whole("two"))
                case 4: try folder.write("rules: [")
                case 7: try folder.write(PolicyFolder.whole("three"))
                case 9: throw Done()
                default: break
                }
            },
            report: { outcome in
                switch outcome {
                case .replaced: outcomes.append("\(polls) replaced")
                case .kept: outcomes.append("\(polls) kept")
                case .unchanged: outcomes.append("\(polls) unchanged")
                }
            })
        #expect(outcomes == ["2 replaced", "4 kept", "7 replaced"])
        #expect(store.current.ruleNames == ["three"])
    }

    @Test func `the time of the last good set is kept`() throws {
        let folder = try PolicyFolder()
        try folder.write(PolicyFolder.whole("one"))
        let store = try Self.store(folder, now: 100)
        #expect(store.loadedAt == Timestamp(seconds: 100))
    }
}
