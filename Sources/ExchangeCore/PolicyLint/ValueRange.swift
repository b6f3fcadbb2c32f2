/// The numbers or moments that several tests leave, each of which takes what stands so to any of its values.
struct ValueRange<Value: Comparable & Sendable>: Sendable {
    private var lower: Bound?
    private var upper: Bound?
    /// The only values, where a test lists them.
    private var points: [Value]?

    private struct Bound: Sendable {
        let value: Value
        let isIncluded: Bool
    }

    mutating func narrow(_ order: Comparison.Order, _ values: [Value]) {
        guard let least = values.min(), let greatest = values.max() else { return }
        switch order {
        case .equal: points = points.map { $0.filter(values.contains) } ?? values
        case .less: narrowAbove(Bound(value: greatest, isIncluded: false))
        case .lessOrEqual: narrowAbove(Bound(value: greatest, isIncluded: true))
        case .greater: narrowBelow(Bound(value: least, isIncluded: false))
        case .greaterOrEqual: narrowBelow(Bound(value: least, isIncluded: true))
        }
    }

    /// Whether nothing is left.
    var isEmpty: Bool {
        if let points { return !points.contains { isAboveLower($0) && isBelowUpper($0) } }
        guard let lower, let upper else { return false }
        return lower.value > upper.value || lower.value == upper.value && !(lower.isIncluded && upper.isIncluded)
    }

    private func isAboveLower(_ value: Value) -> Bool {
        lower.map { value > $0.value || $0.isIncluded && value == $0.value } ?? true
    }

    private func isBelowUpper(_ value: Value) -> Bool {
        upper.map { value < $0.value || $0.isIncluded && value == $0.value } ?? true
    }

    private mutating func narrowBelow(_ bound: Bound) {
        guard let lower, lower.value > bound.value || lower.value == bound.value && !lower.isIncluded else {
            return lower = bound
        }
    }

    private mutating func narrowAbove(_ bound: Bound) {
        guard let upper, upper.value < bound.value || upper.value == bound.value && !upper.isIncluded else {
            return upper = bound
        }
    }
}
