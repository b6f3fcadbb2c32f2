/// Names that may stand once in all files.
struct UniqueNames {
    private let what: String
    private var seen: [String: String] = [:]

    /// `what` is named, such as `a rule`.
    init(of what: String) { self.what = what }

    /// Reports `name` when it was noted before.
    mutating func note(_ name: String, at position: SourcePosition, scope: FaultScope) {
        guard let first = seen[name] else {
            seen[name] = "\(scope.file) line \(position.line)"
            return
        }
        scope.report("\(what) \(name.quoted) stands already in \(first); each may stand there once", at: position)
    }
}
