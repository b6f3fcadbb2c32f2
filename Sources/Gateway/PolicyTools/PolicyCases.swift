import ExchangeAPI
import ExchangeCore
import Secrets
import StrictJSON

/// A file of cases for `policy test`.
struct PolicyCases: Sendable {
    let cases: [PolicyCase]

    /// Reads YAML. Every fault names the file and the case.
    static func read(_ path: String) throws -> PolicyCases {
        let bytes = try SmallFile.read(path).withBytes { [UInt8]($0) }
        let root = try YAMLReader.read(bytes, file: path).root.typedJSON
        return try PolicyCases(root, file: path)
    }

    init(_ root: JSONValue, file: String) throws(ConfigurationError) {
        var reader = CaseReader(file: file)
        let top = reader.object(root, "the file", keys: ["version", "defaults", "cases"])
        if top["version"]?.integer != 1 { reader.report("begin it with version: 1") }
        let defaults = top["defaults"].map {
            reader.object($0, "defaults", keys: ["issuer", "claims", "request", "front", "at"])
        }
        let nodes = top["cases"]?.array ?? []
        if nodes.isEmpty { reader.report("cases must be a list with at least one case") }
        cases = nodes.enumerated().compactMap {
            reader.policyCase($1, number: $0 + 1, defaults: defaults ?? JSONObject())
        }
        guard reader.faults.isEmpty else { throw ConfigurationError(faults: reader.faults) }
    }
}

/// Reads cases one by one and gathers what is wrong with them.
private struct CaseReader {
    let file: String
    private(set) var faults: [String] = []
    private var names: Set<String> = []

    init(file: String) { self.file = file }

    mutating func report(_ message: String) { faults.append("\(file): \(message)") }

    /// The members of an object; none, and a fault, for anything else and for unknown keys.
    mutating func object(_ value: JSONValue, _ what: String, keys: [String]? = nil) -> JSONObject {
        guard let object = value.object else {
            report("\(what) must be a mapping")
            return JSONObject()
        }
        for member in object.members where keys.map({ !$0.contains(member.name) }) ?? false {
            report("unknown key '\(member.name)' in \(what); the keys are \((keys ?? []).joined(separator: ", "))")
        }
        return object
    }

    mutating func policyCase(_ value: JSONValue, number: Int, defaults: JSONObject) -> PolicyCase? {
        let keys = ["name", "issuer", "claims", "request", "front", "at", "expect"]
        let own = object(value, "case \(number)", keys: keys)
        guard let name = own["name"]?.string, !name.isEmpty else {
            report("case \(number) has no name; give it one, a sentence")
            return nil
        }
        if !names.insert(name).inserted { report("two cases are named '\(name)'; name each in its own words") }
        let claims = merged("claims", own, defaults, name)
        var request = request(merged("request", own, defaults, name), name)
        request?.front = front(own["front"] ?? defaults["front"], name)
        let moment = moment(own["at"] ?? defaults["at"], name)
        let expectation = expectation(own["expect"], name)
        guard let request, let expectation else { return nil }
        return PolicyCase(
            name: name, issuer: (own["issuer"] ?? defaults["issuer"])?.string, claims: claims, request: request,
            moment: moment, expectation: expectation)
    }

    /// The case's members over those of the defaults. A null takes a default away.
    private mutating func merged(_ key: String, _ own: JSONObject, _ defaults: JSONObject, _ name: String) -> JSONObject
    {
        var result = defaults[key].map { object($0, "\(key) of the defaults") } ?? JSONObject()
        for member in own[key].map({ object($0, "\(key) of '\(name)'") })?.members ?? [] {
            result[member.name] = member.value == .null ? nil : member.value
        }
        return result
    }

    /// By the wire's own reader, so that a case can ask for just what a step can.
    private mutating func request(_ members: JSONObject, _ name: String) -> ExchangeRequest? {
        do {
            return try ExchangeRequest(try CredentialsRequest(parsing: JSONValue.object(members).bytes))
        } catch let refusal as Refusal {
            report("request of '\(name)': \(refusal.cause)")
        } catch {
            report("request of '\(name)': \(error)")
        }
        return nil
    }

    private mutating func front(_ value: JSONValue?, _ name: String) -> Front {
        guard let value else { return .credentials }
        if let front = value.string.flatMap({ Front(argument: $0) }) { return front }
        let known = Front.exchanging.map(\.rawValue).joined(separator: ", ")
        report("front of '\(name)' is one of \(known)")
        return .credentials
    }

    private mutating func moment(_ value: JSONValue?, _ name: String) -> Timestamp? {
        guard let value else { return nil }
        if let moment = value.string.flatMap({ Timestamp(parsing: $0) }) { return moment }
        report("at of '\(name)' must be a time such as 2026-01-31T12:00:00Z")
        return nil
    }

    private mutating func expectation(_ value: JSONValue?, _ name: String) -> PolicyCase.Expectation? {
        let expect = object(value ?? .null, "expect of '\(name)'", keys: ["allow", "refuse"] + Ruling.detailNames)
        switch (expect["allow"]?.string, expect["refuse"]?.string) {
        case (let rule?, nil):
            let details = expect.members.filter { $0.name != "allow" }.map { ($0.name, $0.value.shortText) }
            return .allow(rule: rule, details: Dictionary(details) { first, _ in first })
        case (nil, let code?) where ProblemCode(rawValue: code) != nil && expect.members.count == 1:
            return .refuse(code: code)
        default:
            report("expect of '\(name)' is allow: RULE, or refuse: CODE with a code such as policy_denied")
            return nil
        }
    }
}

extension JSONValue {
    /// A text as it is, anything else as JSON.
    fileprivate var shortText: String {
        string ?? object.map(Ruling.text(of:)) ?? String(decoding: bytes, as: UTF8.self)
    }
}
