import ExchangeCore
import StrictJSON

extension GatewayStatus.PolicyStatus {
    /// The document of `GET /policy`: digest, faults of the files as they are now, and every rule.
    var bytes: [UInt8] {
        var writer = JSONWriter(into: [UInt8]())
        writer.beginObject()
        writer.member("digest", digest)
        writer.member("loaded_at", loadedAt.toTheSecond)
        writer.member("faults", faults?.faults.map(\.description) ?? [])
        writer.member("session_policies", sessionPolicies)
        writer.name("rules")
        writer.beginArray()
        for rule in rules { Self.write(rule, into: &writer) }
        writer.endArray()
        writer.endObject()
        return writer.finish()
    }

    private static func write(_ rule: RuleSummary, into writer: inout JSONWriter<[UInt8]>) {
        writer.beginObject()
        writer.member("name", rule.name)
        writer.member("effect", rule.effect.rawValue)
        writer.member("issuer", rule.issuer)
        writer.member("file", rule.file)
        writer.member("line", rule.line)
        writer.name("condition")
        writer.beginArray()
        for condition in rule.conditions {
            writer.beginObject()
            writer.member("operator", condition.conditionOperator)
            writer.member("claim", condition.claim)
            writer.member("wanted", condition.wanted)
            writer.endObject()
        }
        writer.endArray()
        writer.member("roles", rule.roles)
        writer.member("regions", rule.regions)
        writer.member("max_duration_seconds", rule.maximumDuration.map { Int($0.components.seconds) })
        writer.member("session_name", rule.sessionName)
        if let federation = rule.federation { write(federation, into: &writer) }
        if let sessionPolicy = rule.sessionPolicy { write(sessionPolicy, into: &writer) }
        if !rule.oneUseFronts.isEmpty { writer.member("one_use_fronts", rule.oneUseFronts) }
        writer.member("observed_until", rule.observedUntil?.toTheSecond)
        writer.endObject()
    }

    private static func write(_ federation: FederationSummary, into writer: inout JSONWriter<[UInt8]>) {
        writer.member("federation", federation.mode.rawValue)
        guard federation.mode == .issuer else { return }
        writer.member("audiences", federation.audiences)
        writer.name("minted")
        writer.beginObject()
        for template in federation.templates { writer.member(template.name, template.text) }
        writer.endObject()
    }

    private static func write(_ policy: SessionPolicySummary, into writer: inout JSONWriter<[UInt8]>) {
        writer.name("session_policy")
        writer.beginObject()
        writer.member("named", policy.named)
        writer.member("default", policy.hasDefault)
        writer.member("ceiling", policy.hasCeiling)
        writer.member("always", policy.always)
        writer.member("managed", policy.managed)
        writer.endObject()
    }
}
