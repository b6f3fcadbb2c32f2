/// One thing that is measured.
protocol Subject: Sendable {
    /// What the command line calls it.
    var name: String { get }
    /// How often one `run` does it.
    var operations: Int { get }
    /// Makes what a run uses up, such as tokens that nobody has seen. Not measured.
    mutating func prepare() async throws
    /// Does it. Throws where an answer is not the one expected: a benchmark of wrong answers is none.
    func run() async throws
}

extension Subject {
    mutating func prepare() {}
}

/// An answer that was not the one expected.
struct Surprise: Error {
    let what: String
}
