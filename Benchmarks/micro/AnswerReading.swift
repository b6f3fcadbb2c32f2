import Secrets

@testable import Gateway

/// The reading of STS's answer: XML in, a session out.
struct AnswerReading: Subject {
    let name = "sts-answer"
    let operations = 1_000
    private let answer = Secret(Samples.answer)

    func run() throws {
        for _ in 0..<operations {
            guard case .assumed(let session) = try STSAnswer(parsing: answer), session.packedPolicySize == 6 else {
                throw Surprise(what: "another answer")
            }
        }
    }
}
