import StrictJSON

/// Reads the top of a policy by IAM's grammar.
enum SessionPolicyReader {
    static func statements(of policy: JSONValue) throws(SessionPolicyFault) -> [SessionPolicyStatement] {
        let place = PolicyPlace.document
        let elements = try PolicyElements(policy, "a policy", known: ["Version", "Id", "Statement"], at: place)
        _ = try elements.text("Id")
        try check(version: try elements.text("Version"), holdsDollar: policy.holdsDollar)
        guard let values = elements["Statement"]?.oneOrMany, !values.isEmpty else {
            throw place.fault("it has no Statement; write one at least")
        }
        let statements = try values.enumerated().map { (number, value) throws(SessionPolicyFault) in
            try StatementReader(value, number: number + 1).statement()
        }
        try check(sidsOf: statements)
        return statements
    }

    /// Only from 2012 on is `${` a variable. Without a `$` both versions mean the same.
    private static func check(version: String?, holdsDollar: Bool) throws(SessionPolicyFault) {
        let remedy = #"write "Version": "2012-10-17""#
        guard let version else {
            if holdsDollar { throw PolicyPlace.document.fault("it has a $ and no Version; \(remedy)") }
            return
        }
        if version.hasSameBytes(as: "2012-10-17") { return }
        if version.hasSameBytes(as: "2008-10-17") {
            throw PolicyPlace.document.fault("Version 2008-10-17 takes policy variables for letters; \(remedy)")
        }
        throw PolicyPlace.document.fault("unknown Version \(version.echoed()); \(remedy)")
    }

    private static func check(sidsOf statements: [SessionPolicyStatement]) throws(SessionPolicyFault) {
        var seen: Set<String> = []
        for (index, statement) in statements.enumerated() {
            guard let sid = statement.sid, !sid.isEmpty, !seen.insert(sid).inserted else { continue }
            throw PolicyPlace(statement: index + 1, sid: sid).fault(
                "its Sid stands there twice; name each statement once")
        }
    }
}
