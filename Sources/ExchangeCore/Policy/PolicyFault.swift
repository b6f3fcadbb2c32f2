/// One thing wrong with a policy: where it stands, and what to do about it.
package struct PolicyFault: Error, Sendable, Hashable, CustomStringConvertible {
    package let file: String
    /// Nil when the fault is the file's or the set's, not a line's.
    package let position: SourcePosition?
    /// The rule it belongs to, nil outside rules and in a rule whose name could not be read.
    package let rule: String?
    /// What is wrong and the remedy.
    package let message: String

    package init(file: String, at position: SourcePosition? = nil, rule: String? = nil, _ message: String) {
        self.file = file
        self.position = position
        self.rule = rule
        self.message = message
    }

    package var line: Int? { position?.line }
    package var column: Int? { position?.column }

    /// `rules.yaml:3:5: rule octo-repo: unknown key...`
    package var description: String {
        let place = position.map { "\(file):\($0.line):\($0.column)" } ?? file
        return place + ": " + (rule.map { "rule \($0): " } ?? "") + message
    }
}

/// Everything wrong with a set of policy files, by file and line. Never empty.
package struct PolicyFaults: Error, Sendable, Hashable, CustomStringConvertible {
    package let faults: [PolicyFault]

    package init(_ faults: [PolicyFault]) {
        self.faults = faults.enumerated().sorted { left, right in
            let places = (left.element.place, right.element.place)
            return places.0 == places.1 ? left.offset < right.offset : places.0 < places.1
        }.map(\.element)
    }

    /// One line a fault.
    package var description: String { faults.map(\.description).joined(separator: "\n") }
}

extension PolicyFault {
    fileprivate var place: FaultPlace {
        FaultPlace(file: file, position: position ?? SourcePosition(line: 0, column: 0))
    }
}

/// Orders faults as a reader meets them.
private struct FaultPlace: Comparable {
    let file: String
    let position: SourcePosition

    static func < (left: FaultPlace, right: FaultPlace) -> Bool {
        left.file == right.file ? left.position < right.position : left.file < right.file
    }
}

/// Collects the faults of one compilation, so that reading can go on after the first.
///
/// A class because every reader adds to the same list; it never leaves the call to the compiler.
final class FaultLog {
    private(set) var faults: [PolicyFault] = []

    func add(_ fault: PolicyFault) { faults.append(fault) }
}

/// Where a reader stands: adds its file and rule to what it reports.
struct FaultScope {
    let file: String
    private(set) var rule: String?
    let log: FaultLog

    init(file: String, log: FaultLog) {
        self.file = file
        self.log = log
    }

    /// The same place, within the rule of this name.
    func inRule(_ name: String?) -> FaultScope {
        var scope = self
        scope.rule = name?.shown(upTo: 64)
        return scope
    }

    func report(_ message: String, at position: SourcePosition?) {
        log.add(PolicyFault(file: file, at: position, rule: rule, message))
    }
}
