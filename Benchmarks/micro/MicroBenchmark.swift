import Foundation
import TestSupport

/// Times the steps of an exchange, each by itself, or runs one of them for callgrind.
@main struct MicroBenchmark {
    /// `micro-benchmark [ROUNDS]` times all; `micro-benchmark --instructions NAME` runs one once and prints how many operations
    /// that were.
    static func main() async throws {
        var arguments = CommandLine.arguments.dropFirst()
        if arguments.first == "--instructions" {
            arguments.removeFirst()
            guard let name = arguments.first, let make = makers[name] else {
                throw Surprise(what: "which one? \(makers.keys.sorted().joined(separator: ", "))")
            }
            let subject = try await make()
            try await Measurement.instructions(of: subject)
            return print(subject.operations)
        }
        try await time(rounds: arguments.first.flatMap { Int($0) } ?? 15)
    }

    private static func time(rounds: Int) async throws {
        print("| | median us | least us | allocations |\n|---|---|---|---|")
        for name in order {
            guard let subject = try await makers[name]?() else { continue }
            let found = try await Measurement.of(subject, rounds: rounds)
            print(
                String(format: "| \(name) | %.2f | %.2f | %.1f |", found.median, found.least, found.allocations))
        }
    }

    private static let order = [
        "verify-rs256", "verify-es256", "decide-10", "decide-10000", "sts-answer", "audit-line", "exchange",
    ]

    private static let makers: [String: @Sendable () async throws -> any Subject] = [
        "verify-rs256": { try Verification("verify-rs256", by: .rsa()) },
        "verify-es256": { try Verification("verify-es256", by: .p256()) },
        "decide-10": { try Decision("decide-10", rules: 10) },
        "decide-10000": { try Decision("decide-10000", rules: 10_000) },
        "sts-answer": { AnswerReading() }, "audit-line": { try await AuditLineWriting() },
        "exchange": { try WholeExchange() },
    ]
}
