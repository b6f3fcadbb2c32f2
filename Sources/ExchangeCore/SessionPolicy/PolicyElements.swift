import StrictJSON

/// The members of one object of a policy, whose names are known: none is passed over, none stands there twice.
struct PolicyElements {
    private let object: JSONObject
    private let place: PolicyPlace

    /// `what` is named when it is no object, such as `a policy`.
    init(_ value: JSONValue, _ what: String, known: [String], at place: PolicyPlace) throws(SessionPolicyFault) {
        guard let object = value.object else { throw place.fault("\(what) is an object, but here is \(value.kind)") }
        var seen: Set<String> = []
        for member in object.members {
            guard known.contains(where: { $0.hasSameBytes(as: member.name) }) else {
                throw place.fault(Self.complaint(about: member.name, known: known))
            }
            guard seen.insert(member.name).inserted else { throw place.fault("\(member.name) stands there twice") }
        }
        self.object = object
        self.place = place
    }

    /// Nil when the element is not there.
    subscript(name: String) -> JSONValue? { object[name] }

    /// The text of an element that may be missing.
    func text(_ name: String) throws(SessionPolicyFault) -> String? {
        guard let value = object[name] else { return nil }
        guard let text = value.string else { throw place.fault("\(name) is a string, but here is \(value.kind)") }
        return text
    }

    private static func complaint(about name: String, known: [String]) -> String {
        if ["Principal", "NotPrincipal"].contains(name) {
            return "\(name) has no place in a session policy, which is for its own session; leave it out"
        }
        if let meant = known.first(where: { $0.lowercased() == name.lowercased() }) {
            return "unknown element \(name.echoed()); case matters, write \(meant)"
        }
        return "unknown element \(name.echoed()); known here are \(known.joined(separator: ", "))"
    }
}

extension JSONValue {
    /// A value, or the values of an array; empty for an empty array.
    var oneOrMany: [JSONValue] { array ?? [self] }

    /// Whether a string or name anywhere in this tree holds a `$`.
    var holdsDollar: Bool {
        switch self {
        case .null, .bool, .number: false
        case .string(let text): text.utf8.contains(UInt8(ascii: "$"))
        case .array(let elements): elements.contains(where: \.holdsDollar)
        case .object(let object):
            object.members.contains { $0.name.utf8.contains(UInt8(ascii: "$")) || $0.value.holdsDollar }
        }
    }
}
