/// Scalars by the schema: every one is text first, so `no`, `0123` and `1.0` mean what they say.
extension SourceNode {
    /// The text of a scalar that is there; nil and a fault for a list, a mapping or an empty plain value.
    func text(_ what: String, scope: FaultScope) -> String? {
        switch content {
        case .scalar(let text, let quoted) where quoted || !text.isEmpty: return text
        case .scalar:
            scope.report("\(what) has no value; write one, or \"\" for an empty text", at: position)
        case .sequence, .mapping:
            scope.report("\(what) is a single value, but here is \(kind)", at: position)
        }
        return nil
    }

    /// A list of one kind of thing. A single value is a list of one only where `single` says so, as in IAM's conditions.
    func list(_ what: String, single: Bool = false, scope: FaultScope) -> [SourceNode]? {
        switch content {
        case .sequence(let nodes) where !nodes.isEmpty: return nodes
        case .sequence: scope.report("\(what) is an empty list; name at least one", at: position)
        case .scalar where single: return [self]
        case .scalar, .mapping: scope.report("\(what) is a list, but here is \(kind); write [..]", at: position)
        }
        return nil
    }

    /// `true` or `false`, nothing else.
    func boolean(_ what: String, scope: FaultScope) -> Bool? {
        guard let text = text(what, scope: scope) else { return nil }
        switch text {
        case "true": return true
        case "false": return false
        default:
            scope.report("\(what) is true or false, not \(text.quoted)", at: position)
            return nil
        }
    }

    /// Seconds, or a number with `s`, `m` or `h`, within `bounds`.
    func duration(_ what: String, within bounds: ClosedRange<Int64>, scope: FaultScope) -> Duration? {
        guard let text = text(what, scope: scope) else { return nil }
        guard let seconds = Self.seconds(text) else {
            scope.report("\(what) is a time such as 1h, 30m, 45s or 3600, not \(text.quoted)", at: position)
            return nil
        }
        guard bounds.contains(seconds) else {
            let range = "\(bounds.lowerBound) s to \(bounds.upperBound) s"
            scope.report("\(what) is \(text.quoted), but must be within \(range)", at: position)
            return nil
        }
        return .seconds(seconds)
    }

    /// A name of ours: of a rule or an issuer. It stands in logs, metrics and answers.
    func name(_ what: String, scope: FaultScope) -> String? {
        guard let text = text(what, scope: scope) else { return nil }
        guard text.isName else {
            scope.report("\(what) \(text.quoted) must be 1 to 64 letters, digits and . _ -", at: position)
            return nil
        }
        return text
    }

    private static func seconds(_ text: String) -> Int64? {
        let digits = text.utf8.prefix { $0.isDigit }
        guard (1...9).contains(digits.count), let number = Int64(text.prefix(digits.count)) else { return nil }
        switch text.dropFirst(digits.count) {
        case "", "s": return number
        case "m": return number * 60
        case "h": return number * 3600
        default: return nil
        }
    }
}

extension String {
    /// Whether it can be a name of ours: of a rule, an issuer or a session policy.
    var isName: Bool {
        (1...64).contains(utf8.count) && utf8.allSatisfy { $0.isLetter || $0.isDigit || "._-".utf8.contains($0) }
    }
}
