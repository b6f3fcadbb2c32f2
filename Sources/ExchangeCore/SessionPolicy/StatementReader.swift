import StrictJSON

/// Reads one statement by IAM's grammar.
struct StatementReader {
    private let elements: PolicyElements
    private let place: PolicyPlace
    private let sid: String?

    /// `number` counts from 1.
    init(_ value: JSONValue, number: Int) throws(SessionPolicyFault) {
        let place = PolicyPlace(statement: number, sid: value.object?["Sid"]?.string)
        elements = try PolicyElements(value, "a statement", known: Self.known, at: place)
        sid = try elements.text("Sid")
        self.place = place
    }

    private static let known = [
        "Sid", "Effect", "Action", "NotAction", "Resource", "NotResource", "Condition",
    ]

    func statement() throws(SessionPolicyFault) -> SessionPolicyStatement {
        try checkSid()
        let effect = try effect()
        return SessionPolicyStatement(
            sid: sid, effect: effect,
            actions: try selection("Action", effect: effect, read: ActionPattern.init(parsing:)),
            resources: try selection("Resource", effect: effect, read: ResourcePattern.init(parsing:)),
            conditions: try SessionPolicyConditionReader(place: place).conditions(of: elements["Condition"]))
    }

    private func checkSid() throws(SessionPolicyFault) {
        guard let sid, !sid.utf8.allSatisfy({ $0.isLetter || $0.isDigit }) else { return }
        throw PolicyPlace(statement: place.statement, sid: nil).fault(
            "Sid \(sid.echoed()) is not made of the letters A-Z and a-z and digits alone; rename it or leave it out")
    }

    private func effect() throws(SessionPolicyFault) -> Effect {
        guard let text = try elements.text("Effect") else { throw place.fault("it has no Effect; write Allow or Deny") }
        if text.hasSameBytes(as: "Allow") { return .allow }
        if text.hasSameBytes(as: "Deny") { return .deny }
        throw place.fault("Effect is \(text.echoed()); write Allow or Deny")
    }

    /// Exactly one of an element and its negation. An Allow of all but a few grants what nobody listed, so it must list.
    private func selection<Pattern: Sendable>(
        _ name: String, effect: Effect, read: (String) throws(PolicyTextFault) -> Pattern
    ) throws(SessionPolicyFault) -> Selection<Pattern> {
        let negation = "Not\(name)"
        switch (elements[name], elements[negation]) {
        case (let value?, nil):
            return Selection(patterns: try patterns(value, name, read), isExcluding: false)
        case (nil, let value?) where effect == .deny:
            return Selection(patterns: try patterns(value, negation, read), isExcluding: true)
        case (nil, _?):
            throw place.fault(
                "\(negation) in an Allow allows all that it does not name; list what is allowed in \(name)")
        case (_?, _?):
            throw place.fault("it has \(name) and \(negation); write one of them")
        case (nil, nil):
            throw place.fault("it has no \(name); write one" + (effect == .deny ? ", or \(negation)" : ""))
        }
    }

    private func patterns<Pattern>(
        _ value: JSONValue, _ element: String, _ read: (String) throws(PolicyTextFault) -> Pattern
    ) throws(SessionPolicyFault) -> [Pattern] {
        let values = value.oneOrMany
        guard !values.isEmpty else { throw place.fault("\(element) is an empty array; name one at least") }
        return try values.map { (value) throws(SessionPolicyFault) in
            guard let text = value.string, !text.isEmpty else {
                let found = value.string == nil ? value.kind : "an empty string"
                throw place.fault("\(element) is a string or an array of strings, but here is \(found)")
            }
            do throws(PolicyTextFault) { return try read(text) } catch {
                throw place.fault("\(element) \(text.echoed()) \(error.reason)")
            }
        }
    }
}
