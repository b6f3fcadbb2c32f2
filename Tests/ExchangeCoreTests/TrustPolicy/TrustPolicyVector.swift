import TestSupport

@testable import ExchangeCore

/// One trust policy of Vectors/trust-policies with the findings that it must have, and no others.
struct TrustPolicyVector: Sendable, CustomStringConvertible {
    let description: String
    let document: [UInt8]
    let expectations: TrustExpectations
    /// `no-subject 1`, sorted; without a number where the finding is of the whole policy.
    let findings: [String]

    static let all: [TrustPolicyVector] = {
        do {
            return try Vectors.names(in: "trust-policies").filter { $0.hasSuffix(".json") }.map { file in
                try TrustPolicyVector(name: String(file.dropLast(".json".count)))
            }
        } catch {
            preconditionFailure("a vector of ours: \(error)")
        }
    }()

    private init(name: String) throws {
        let file = name + ".expect"
        var fields: [String: [String]] = [:]
        for line in String(decoding: try Vectors.bytes("trust-policies", file), as: UTF8.self).split(separator: "\n") {
            guard let colon = line.firstRange(of: ": ") else { throw VectorError(file: file, line: String(line)) }
            fields[String(line[..<colon.lowerBound]), default: []].append(String(line[colon.upperBound...]))
        }
        let known: Set<String> = ["expect", "gateway-issuer", "vela-issuer", "role", "without"]
        guard known.isSuperset(of: fields.keys) else { throw VectorError(file: file, line: "an unknown field") }
        description = name
        document = try Vectors.bytes("trust-policies", name + ".json")
        findings = (fields["expect"] ?? []).sorted()
        let without = fields["without"] ?? []
        expectations = TrustExpectations(
            issuers: (fields["vela-issuer"] ?? []).map { TrustedIssuer(url: $0, isVela: true) },
            gateway: fields["gateway-issuer"]?.first, role: fields["role"]?.first.flatMap(RoleARN.init(parsing:)),
            extras: MintedExtras(
                holdsTags: !without.contains("tags"), holdsSourceIdentity: !without.contains("source-identity")))
    }

    private struct VectorError: Error {
        let file: String
        let line: String
    }
}

extension TrustFinding {
    /// As a vector names it.
    var short: String { kind.rawValue + (statement.map { " \($0)" } ?? "") }
}
