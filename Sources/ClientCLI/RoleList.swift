import StrictJSON

/// The parameter `roles`: several roles, each with a profile of its own.
///
/// `dev=arn:..,prod=arn:..`, which is how Vela gives a YAML list of such pairs; `{"dev":"arn:.."}`, a YAML map; or
/// `[{"profile":"dev","role":"arn:..","region":".."}]`, a YAML list of maps.
struct RoleList: Equatable {
    /// What is set for one role; nil leaves it to the parameter of that name.
    struct Entry: Equatable {
        var profile: String
        var role: String
        var region: String?
        var durationSeconds: Int?
        var sessionName: String?
    }

    /// Each wants an ID token, a request and a second or so: more is a loop that belongs elsewhere.
    private static let limit = 20

    let entries: [Entry]

    /// Reads all of `text`. The fault follows "roles ".
    init(parsing text: String) throws(Fault) {
        entries = try Self.entries(text)
        guard (1...Self.limit).contains(entries.count) else { throw Fault("must name 1 to \(Self.limit) roles") }
        for (index, entry) in entries.enumerated() {
            if entries[..<index].contains(where: { $0.profile == entry.profile }) {
                throw Fault("has the profile '\(entry.profile)' twice")
            }
        }
    }

    private static func entries(_ text: String) throws(Fault) -> [Entry] {
        guard text.hasPrefix("{") || text.hasPrefix("[") else {
            return try entries(of: text.split(separator: ",").map { PolicyList.trimmed($0) }.filter { !$0.isEmpty })
        }
        let value: JSONValue? = try? JSONValue(parsing: text)  // Where the fault is matters less than the remedy.
        switch value {
        case .object(let object): return try entries(ofMap: object)
        case .array(let elements): return try entries(ofList: elements)
        default: throw Fault("is not valid JSON")
        }
    }

    private static func entries(of pairs: [String]) throws(Fault) -> [Entry] {
        var entries: [Entry] = []
        for pair in pairs {
            let parts = pair.split(separator: "=", maxSplits: 1)
            guard parts.count == 2 else { throw Fault("has '\(Printable.text(pair))', which is no profile=ARN") }
            try entries.append(entry(PolicyList.trimmed(parts[0]), PolicyList.trimmed(parts[1])))
        }
        return entries
    }

    private static func entries(ofMap object: JSONObject) throws(Fault) -> [Entry] {
        var entries: [Entry] = []
        for member in object.members { try entries.append(entry(member.name, member.value.string ?? "")) }
        return entries
    }

    private static func entries(ofList elements: [JSONValue]) throws(Fault) -> [Entry] {
        var entries: [Entry] = []
        for element in elements {
            guard let object = element.object else { throw Fault("must be a list of maps with profile and role") }
            try entries.append(entry(object))
        }
        return entries
    }

    private static func entry(_ object: JSONObject) throws(Fault) -> Entry {
        var entry = try entry(object["profile"]?.string ?? "", object["role"]?.string ?? "")
        for member in object.members where member.name != "profile" && member.name != "role" {
            let text = member.value.string ?? member.value.integer.map { String($0) } ?? ""
            let isFit: Bool
            switch member.name {
            case "region":
                entry.region = OptionsReader.region(text)
                isFit = entry.region != nil
            case "role_duration_seconds":
                entry.durationSeconds = OptionsReader.roleDuration(text)
                isFit = entry.durationSeconds != nil
            case "role_session_name":
                entry.sessionName = OptionsReader.sessionName(text)
                isFit = entry.sessionName != nil
            default: isFit = false
            }
            guard isFit else {
                throw Fault("has '\(Printable.text(member.name))' of '\(entry.profile)', which is unknown or not fit")
            }
        }
        return entry
    }

    private static func entry(_ profile: String, _ role: String) throws(Fault) -> Entry {
        guard OptionsReader.profile(profile) != nil else {
            throw Fault("has the profile '\(Printable.text(profile))', which is not 1 to 64 letters, digits and _.@+-")
        }
        guard OptionsReader.role(role) != nil else {
            throw Fault("has '\(Printable.text(role))' for '\(profile)', which is not the ARN of a role")
        }
        return Entry(profile: profile, role: role)
    }
}
