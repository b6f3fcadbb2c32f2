import BenchmarkSamples
import ExchangeCore
import Foundation
import Gateway
import StrictJSON

/// Times loads and decisions of policies of several sizes, in turn, and prints medians.
@main struct PolicyBenchmark {
    static func main() throws {
        let rounds = CommandLine.arguments.dropFirst().first.flatMap { Int($0) } ?? 7
        var subjects = try [10, 1_000, 10_000].map { try Subject(rules: $0) }
        for _ in 0..<rounds {
            for index in subjects.indices { try subjects[index].measure() }
        }
        print("rules   load       decision allowed   decision refused   ratio to 10 rules (allowed, refused)")
        let first = subjects[0]
        for subject in subjects {
            try FileManager.default.removeItem(at: subject.file)
            let ratios = [
                subject.allowed.median / first.allowed.median, subject.refused.median / first.refused.median,
            ]
            print(
                String(
                    format: "%6d  %7.1f ms  %9.2f us       %9.2f us       %.2f, %.2f", subject.rules,
                    subject.loads.median * 1e3, subject.allowed.median * 1e6, subject.refused.median * 1e6, ratios[0],
                    ratios[1]))
        }
    }
}

/// One size: its policy, questions to it, and what they took in seconds.
struct Subject {
    let rules: Int
    private(set) var loads: [Double] = []
    private(set) var allowed: [Double] = []
    private(set) var refused: [Double] = []
    let file: URL
    private let policy: PolicySet
    private let hits: [Question]
    private let misses: [Question]

    private struct Question {
        let claims: Claims
        let request: ExchangeRequest
    }

    private static let questions = 2_000

    init(rules: Int) throws {
        self.rules = rules
        let sample = SamplePolicy(count: rules)
        file = try sample.write()
        policy = try PolicyFiles(path: file.path).loadPolicy()
        // Spread over all rules, so that no cache holds them by luck.
        hits = try (0..<Self.questions).map { number in
            let rule = number &* 7_919 % rules
            return Question(claims: try sample.claims(of: rule), request: try sample.request(of: rule))
        }
        misses = try (0..<Self.questions).map { number in
            Question(claims: try sample.claims(of: rules + number), request: try sample.request(of: number % rules))
        }
    }

    mutating func measure() throws {
        loads.append(
            try seconds {
                guard try PolicyFiles(path: file.path).loadPolicy().digest == policy.digest else { throw Surprise() }
            })
        allowed.append(try seconds { try ask(hits, expecting: true) } / Double(Self.questions))
        refused.append(try seconds { try ask(misses, expecting: false) } / Double(Self.questions))
    }

    private func ask(_ questions: [Question], expecting isAllowed: Bool) throws {
        let now = Timestamp.now()
        for question in questions {
            let ruling = try? policy.ruling(on: question.claims, from: "vela", asking: question.request, at: now)
            guard (ruling != nil) == isAllowed else { throw Surprise() }
        }
    }

    private func seconds(_ work: () throws -> Void) rethrows -> Double {
        let duration = try ContinuousClock().measure(work)
        return Double(duration.components.seconds) + Double(duration.components.attoseconds) * 1e-18
    }

    /// A benchmark of wrong answers is none.
    struct Surprise: Error {}
}

extension [Double] {
    fileprivate var median: Double { isEmpty ? .nan : sorted()[count / 2] }
}
