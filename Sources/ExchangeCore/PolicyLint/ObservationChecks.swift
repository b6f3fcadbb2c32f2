import StrictJSON

/// Rules that are, or were, only watched.
extension LintedRule {
    /// Until then an allow takes tokens that its condition refuses, and a deny binds nobody.
    func activeObservation(at now: Timestamp) -> [String] {
        guard let until = observedUntil, now < until else { return [] }
        let danger =
            effect == .deny
            ? "it keeps nobody out" : "every token of its issuer has its roles, whatever its condition says"
        return ["it is under observation until \(until): \(danger); remove observe as soon as the log is quiet"]
    }

    /// It enforces again since then, which a reader of `observe` may not know.
    func endedObservation(at now: Timestamp) -> [String] {
        guard let until = observedUntil, now >= until else { return [] }
        return ["its observation ended at \(until), so it is enforced; remove observe"]
    }
}
