import BenchmarkSamples
import ExchangeCore

/// The decision about a repository that one rule of many allows.
struct Decision: Subject {
    let name: String
    let operations = 1_000
    private let policy: PolicySet
    private let questions: [(claims: Claims, request: ExchangeRequest)]

    /// Of a policy with `rules` rules.
    init(_ name: String, rules: Int) throws {
        self.name = name
        let sample = SamplePolicy(count: rules)
        policy = try sample.load()
        // Spread over all rules, so that no cache holds them by luck.
        questions = try (0..<operations).map { number in
            let rule = number &* 7_919 % rules
            return (try sample.claims(of: rule), try sample.request(of: rule))
        }
    }

    func run() throws {
        for (claims, request) in questions {
            let ruling = try policy.ruling(on: claims, from: "vela", asking: request, at: Samples.now)
            guard ruling.role == request.role else { throw Surprise(what: "\(ruling.role)") }
        }
    }
}
