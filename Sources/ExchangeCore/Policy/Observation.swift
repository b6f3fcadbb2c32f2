/// What a rule under `observe` would have done: told in answer, log, metric and audit, so that it cannot be forgotten.
package struct Observation: Sendable, Equatable, CustomStringConvertible {
    package let rule: String
    package let effect: Effect
    /// Of an allow rule, the test that was not met and did not count. Of a deny rule, that it would have bound.
    package let detail: String

    package var description: String { "\(effect.rawValue) \(rule): \(detail)" }
}
