import ExchangeAPI
import ExchangeCore
import StrictJSON

extension Explanation {
    /// The explanation for machines: one JSON object.
    func encoded(isVerified: Bool) -> [UInt8] {
        var writer = JSONWriter(into: [UInt8]())
        writer.beginObject()
        writer.member("verified", isVerified)
        write(decision, into: &writer)
        writer.name("rules")
        writer.beginArray()
        for rule in rules { write(rule, into: &writer) }
        writer.endArray()
        writer.endObject()
        return writer.finish()
    }

    private func write(_ decision: Decision, into writer: inout JSONWriter<[UInt8]>) {
        switch decision {
        case .allowed(let ruling):
            writer.member("outcome", "allowed")
            writer.member("rule", ruling.rule)
            writer.member("role", ruling.role.description)
            writer.member("region", ruling.region.description)
            writer.member("duration_seconds", Int(ruling.duration.components.seconds))
            writer.member("session_name", ruling.sessionName.description)
            writer.member("session_policy", ruling.session.inline)
            writer.member("managed_session_policies", ruling.session.managed)
            writer.member("one_use", ruling.isOneUse)
            write(ruling.federation, into: &writer)
            writer.member("observed", ruling.observations.map(\.description))
        case .refused(let refusal):
            writer.member("outcome", "refused")
            writer.member("code", refusal.problem.code.rawValue)
            writer.member("cause", refusal.cause)
            writer.member("rule", refusal.rule)
        }
    }

    /// What AWS would be shown. Nothing is minted: there is no signature to be shown.
    private func write(_ federation: Federation, into writer: inout JSONWriter<[UInt8]>) {
        writer.member("federation", federation.mode.rawValue)
        guard let claims = federation.claims else { return }
        writer.name("minted")
        writer.beginObject()
        writer.member("sub", claims.subject)
        writer.member("aud", claims.audience)
        writer.name("tags")
        writer.beginObject()
        for tag in claims.tags { writer.member(tag.key, tag.value) }
        writer.endObject()
        writer.member("transitive_tag_keys", claims.tags.filter(\.isTransitive).map(\.key))
        writer.member("source_identity", claims.sourceIdentity)
        if let role = claims.pinnedRole { writer.member("roles", [role.description]) }
        writer.endObject()
    }

    private func write(_ finding: RuleFinding, into writer: inout JSONWriter<[UInt8]>) {
        writer.beginObject()
        writer.member("rule", finding.rule)
        writer.member("effect", finding.effect.rawValue)
        writer.member("file", finding.file)
        writer.member("line", finding.line)
        switch finding.finding {
        case .gives: writer.member("finding", "gives")
        case .fits: writer.member("finding", "fits")
        case .denies: writer.member("finding", "denies")
        case .otherRequest: writer.member("finding", "other_request")
        case .otherIssuer(let issuer):
            writer.member("finding", "other_issuer")
            writer.member("issuer", issuer)
        case .observed(let detail):
            writer.member("finding", "observed")
            writer.member("reason", detail)
        case .misfit(let refusal):
            writer.member("finding", "misfit")
            writer.member("code", refusal.problem.code.rawValue)
            writer.member("reason", refusal.cause)
        case .conditionFailed(let test): write(test, into: &writer)
        }
        writer.endObject()
    }

    private func write(_ test: TestReport, into writer: inout JSONWriter<[UInt8]>) {
        writer.member("finding", "condition_failed")
        writer.member("operator", test.conditionOperator)
        writer.member("claim", test.claim)
        writer.member("wanted", test.wanted)
        writer.member("saw", test.saw)
        writer.member("reason", test.reason)
    }
}
