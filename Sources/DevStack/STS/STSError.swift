/// An error in AWS's form. The codes and statuses are AWS's.
struct STSError: Error, Sendable, Equatable {
    let code: String
    let status: Int
    let message: String

    init(_ code: String, status: Int = 400, _ message: String) {
        self.code = code
        self.status = status
        self.message = message
    }

    /// A parameter outside its constraint, in the words of AWS's model validation.
    static func validation(_ parameter: String, _ value: String?, _ constraint: String) -> STSError {
        let shown = value.map { "Value '\($0)'" } ?? "Value null"
        return STSError(
            "ValidationError",
            "1 validation error detected: \(shown) at '\(parameter)' failed to satisfy constraint: \(constraint)")
    }

    /// `Sender` for the caller's faults, `Receiver` for the service's.
    var type: String { status < 500 ? "Sender" : "Receiver" }
}
