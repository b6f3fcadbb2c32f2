import ExchangeAPI
import ExchangeCore
import Foundation
import StrictJSON
import TestSupport
import Testing

@testable import Gateway

/// The sources are looked at again and again, and only a change makes work. Looks are counted, nothing is timed.
struct EmergencyWatchTests {
    private static let all = "version: 1\ndeny: all\n"
    private static let leak = "version: 1\nrules: [{name: leak, issuer: vela}]\n"
    private static let none = "version: 1\nrules: []\n"

    /// A watch whose records and lines can be seen.
    private struct Bench {
        let folder: TemporaryFolder
        let store = FakeEmergencyStore()
        let sink = FakeSink()
        let log = LineCollector()
        let watch: EmergencyWatch

        init(_ sources: [EmergencySource]) throws {
            folder = try TemporaryFolder()
            let now: @Sendable () -> Timestamp = { Timestamp(seconds: 1_767_225_845) }
            let policy = try PolicyFolder()
            try policy.write(PolicyFolder.whole("one"))
            let origin = AuditOrigin(replica: "r", bootID: nil, now: now)
            let trail = AuditTrail(
                log: try AuditLog(sinks: [sink], origin: origin, patience: .seconds(60)), metrics: GatewayMetrics(),
                logger: log.logger(), now: now)
            watch = EmergencyWatch(
                brake: EmergencyBrake(sources, now: now),
                file: sources.contains(.file) ? EmergencyFile(path: folder.file("emergency.yaml")) : nil,
                store: sources.contains(.store) ? store : nil,
                policies: try PolicyStore(loading: PolicyFiles(path: policy.path)), trail: trail, logger: log.logger())
            watch.readFileFirst()
        }

        /// The states in the audit's records of changes, in order.
        var recorded: [String] {
            get throws {
                try sink.records.filter { $0["outcome"]?.string == "emergency" }.compactMap { $0["state"]?.string }
            }
        }

        var words: [String] { watch.brake.states.map(\.reading.word) }

        /// What a request is told: a code, or nil when nothing stops it.
        func code(_ issuer: String = "vela") throws -> String? {
            let request = ExchangeRequest(role: try #require(RoleARN(parsing: GatewayPlan.role)))
            let refusal = watch.brake.refusal {
                $0.ruleDenying(Claims(members: [:]), of: issuer, at: "", asking: request)
            }
            return refusal?.problem.code.rawValue
        }

        func end() { watch.trail.log.close() }
    }

    @Test func `a file binds with the first look after its change, and each change once`() async throws {
        let bench = try Bench([.file])
        var looks = 0
        var seen: [String] = []
        await bench.watch.watchFile { interval in
            // A look each second, so that a change binds within two.
            #expect(interval == .seconds(1))
            seen.append("\(looks) \(bench.words[0]) \(try bench.code() ?? "-")")
            looks += 1
            switch looks {
            case 2: try bench.folder.write(Self.leak, to: "emergency.yaml")
            case 4: try bench.folder.write("version: 1\nrules:\n  - {na", to: "emergency.yaml")
            case 6: try bench.folder.write(Self.all, to: "emergency.yaml")
            case 8: try FileManager.default.removeItem(atPath: bench.folder.file("emergency.yaml"))
            case 10: throw CancellationError()
            default: break
            }
        }
        #expect(
            seen == [
                "0 absent -", "1 absent -", "2 rules emergency_denied", "3 rules emergency_denied",
                "4 faulty emergency_denied", "5 faulty emergency_denied", "6 everything emergency_denied",
                "7 everything emergency_denied", "8 absent -", "9 absent -",
            ])
        #expect(try bench.recorded == ["rules", "faulty", "everything", "absent"])
        #expect(bench.log.lines.count { $0.contains("the emergency deny changed") } == 2)
        #expect(bench.log.lines.count { $0.contains(#""level":"critical""#) } == 1)
        #expect(bench.log.lines.count { $0.contains("the emergency deny was lifted") } == 1)
        bench.end()
    }

    @Test func `what lies there at the start binds before the first look, and is told`() async throws {
        let folder = try TemporaryFolder()
        try folder.write(Self.all, to: "emergency.yaml")
        let bench = try Bench([.file])
        _ = bench.watch.brake.update(.file, to: EmergencyFile(path: folder.file("emergency.yaml")).read(), named: "e")
        #expect(try bench.code() == "emergency_denied")
        await bench.watch.watchFile { _ in throw CancellationError() }
        #expect(try bench.recorded == ["everything"])
        bench.end()
    }

    @Test func `a document of the store binds with the next question, and each once`() async throws {
        let bench = try Bench([.store])
        var seen: [String] = []
        await bench.watch.watchStore { interval in
            #expect(interval == .seconds(2))
            seen.append("\(bench.words[0]) \(try bench.code() ?? "-")")
            switch bench.store.asked {
            case 1: bench.store.hold(Self.leak)
            case 3: bench.store.hold("\u{0}\u{1}garbage: [")
            case 4: bench.store.hold(Self.none)
            case 5: bench.store.fail(.garbled("WRONGTYPE"))
            case 6: bench.store.hold(Self.all)
            case 7: throw CancellationError()
            default: break
            }
        }
        #expect(
            seen == [
                "absent -", "rules emergency_denied", "rules emergency_denied", "faulty emergency_denied", "nothing -",
                "faulty emergency_denied", "everything emergency_denied",
            ])
        #expect(try bench.recorded == ["rules", "faulty", "nothing", "faulty", "everything"])
        bench.end()
    }

    @Test func `a store that is down keeps what it said last, loudly and once`() async throws {
        let bench = try Bench([.store])
        bench.store.hold(Self.leak)
        await bench.watch.watchStore { _ in
            #expect(try bench.code() == "emergency_denied" && bench.code("other") == nil)
            switch bench.store.asked {
            case 1: bench.store.fail(.down("no answer in time"))
            case 4:
                #expect(bench.watch.brake.states[0].failure == "no answer in time")
                bench.store.hold(Self.leak)
            case 6: throw CancellationError()
            default: break
            }
        }
        #expect(bench.log.lines.count { $0.contains("the store of the emergency deny does not tell") } == 1)
        #expect(bench.log.lines.count { $0.contains("the store of the emergency deny tells again") } == 1)
        #expect(bench.watch.brake.states[0].failure == nil)
        #expect(try bench.recorded == ["rules"])
        bench.end()
    }

    @Test func `until the store was reached once nothing is given, and nobody is told that it is denied`() async throws
    {
        let bench = try Bench([.store])
        #expect(try bench.code() == "emergency_unknown" && bench.watch.brake.position == .unknown)
        bench.store.fail(.down("refused"))
        await bench.watch.watchStore { _ in
            switch bench.store.asked {
            case 1...2: #expect(try bench.code() == "emergency_unknown")
            case 3: bench.store.hold(nil)
            default:
                #expect(try bench.code() == nil && bench.watch.brake.position == .nothing)
                throw CancellationError()
            }
        }
        #expect(bench.store.asked == 4)
        bench.end()
    }

    @Test func `a document that is gone and was not cleared stays in force, and is put back`() async throws {
        let bench = try Bench([.store])
        bench.store.hold(Self.leak)
        var failures: [Bool] = []
        await bench.watch.watchStore { _ in
            #expect(try bench.code() == "emergency_denied")
            failures.append(bench.watch.brake.states[0].failure != nil)
            switch bench.store.asked {
            case 1: bench.store.hold(nil)
            case 4: throw CancellationError()
            default: break
            }
        }
        #expect(bench.store.returned == [Self.leak])
        #expect(failures == [false, true, false, false])
        #expect(try bench.recorded == ["rules"])
        bench.end()
    }

    @Test func `garbage that is gone is not put back, and stops everything until a push or clear`() async throws {
        let bench = try Bench([.store])
        bench.store.hold("garbage: [")
        await bench.watch.watchStore { _ in
            switch bench.store.asked {
            case 1: bench.store.hold(nil)
            case 3:
                #expect(try bench.code() == "emergency_denied")
                bench.store.hold(Self.none)
            case 4: throw CancellationError()
            default: break
            }
        }
        #expect(bench.store.returned.isEmpty)
        #expect(try bench.code() == nil)
        bench.end()
    }

    @Test func `what either source denies is denied, and a known deny goes before an unknown one`() async throws {
        let bench = try Bench([.file, .store])
        #expect(try bench.code() == "emergency_unknown" && bench.words == ["absent", "unknown"])
        try bench.folder.write(Self.leak, to: "emergency.yaml")
        bench.watch.readFileFirst()
        #expect(try bench.code() == "emergency_denied" && bench.code("other") == "emergency_unknown")
        bench.store.hold("version: 1\nrules: [{name: other, issuer: other}]\n")
        await bench.watch.watchStore { _ in throw CancellationError() }
        #expect(try bench.code() == "emergency_denied" && bench.code("other") == "emergency_denied")
        #expect(try bench.code("third") == nil && bench.watch.brake.position == .rules)
        bench.end()
    }

    @Test func `a rule that may bind nobody under this policy is told`() async throws {
        let bench = try Bench([.file])
        try bench.folder.write("version: 1\nrules: [{name: typo, issuer: vella}]\n", to: "emergency.yaml")
        var looks = 0
        await bench.watch.watchFile { _ in
            looks += 1
            if looks == 2 { throw CancellationError() }
        }
        #expect(bench.log.lines.contains { $0.contains("may stop nothing") && $0.contains("no issuer 'vella'") })
        bench.end()
    }
}
