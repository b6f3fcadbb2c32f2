import StrictJSON

/// Whether and until when a rule is under observation.
struct ObservationPeriod {
    /// Nil for a rule in force.
    let until: Timestamp?
}

extension MappingReader {
    /// `observe: {until: DATE}`; nil after a fault. A date that is past is no fault: the rule is in force again.
    func observation(at now: Timestamp) -> ObservationPeriod? {
        guard let node = self["observe"] else { return ObservationPeriod(until: nil) }
        guard let reader = MappingReader(node, what: "observe", keys: ["until"], scope: scope),
            let until = reader.required("until", remedy: "say when it ends, as in until: 2026-01-31"),
            let text = until.text("until", scope: scope)
        else { return nil }
        guard let moment = Timestamp(claimText: text) else {
            let form = "a day such as 2026-01-31, its first moment in UTC, or a time such as 2026-01-31T12:00:00Z"
            scope.report("until is \(form), not \(text.quoted)", at: until.position)
            return nil
        }
        guard moment - now <= Self.longestObservation else {
            scope.report(
                "until is \(text.quoted), but a rule is observed for at most 30 days; name an earlier day and renew it",
                at: until.position)
            return nil
        }
        return ObservationPeriod(until: moment)
    }

    /// Long enough to see a month's schedules, short enough not to be forgotten.
    private static let longestObservation: Duration = .seconds(30 * 86_400)
}
