import ExchangeCore
import Foundation
import StrictJSON
import Testing

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
        #expect(lost == ["no-forks"])
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

    /// Swaps without end while sets are loaded: each set is of one version, never half of two.
    @Test func `a set is never read half before and half after a swap`() async throws {
        let folder = try PolicyFolder()
        func files(_ version: Int) -> [String: String] {
            var files = ["0.yaml": PolicyFolder.issuers]
            for part in 1...4 { files["\(part).yaml"] = PolicyFolder.rules("v\(version)-\(part)") }
            return files
        }
        try folder.mountConfigMap(files(0), version: "0")
        let path = folder.path
        let loads = Task.detached { () -> [[String]] in
            (0..<40).compactMap { _ in try? PolicyFiles(path: path).loadPolicy().ruleNames }  // A fault is no mixed set.
        }
        for version in 1...60 {
            try folder.mountConfigMap(files(version), version: "\(version)")
            await Task.yield()
        }
        for names in await loads.value {
            #expect(Set(names.map { $0.split(separator: "-").first }).count == 1, "\(names)")
            #expect(names.count == 4)
        }
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
                #expect(interval == .seconds(2))
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
