import ExchangeCore
import StrictJSON
import Threading

/// Whether the gateway can do its work, part by part. `/readyz` names each.
struct Readiness: Sendable {
    let policies: PolicyStore
    let verifier: TokenVerifier
    let audit: AuditLog
    let usedTokens: UsedTokens
    let issuer: OwnIssuer?
    let emergency: EmergencyBrake
    let drain: DrainFlag

    /// What `/readyz` shows.
    struct Report: Sendable {
        let rules: Int
        let issuers: [IssuerReport]
        let isAuditWritable: Bool
        let auditDurability: AuditDurability
        /// Nil without a store of used tokens.
        let isOneUseStoreUsable: Bool?
        /// Why the gateway may not sign tokens of its own; nil while it may, or is no issuer.
        var mintingFault: String?
        var isIssuer = false
        /// Keys in use whose file is gone.
        var keysWithoutFile: [String] = []
        let isDraining: Bool
        /// Nil without an emergency deny in the settings.
        var emergency: EmergencyPosition?

        struct IssuerReport: Sendable {
            let name: String
            let isUsable: Bool
            /// By the policy, on purpose.
            var isDisabled = false
        }

        /// One issuer whose keys are usable is enough: one issuer's outage must not take every replica out of service. What is stopped on
        /// purpose takes none out either, or callers would be told less than why; only a replica that does not know yet what is stopped
        /// leaves them to those that do.
        var isReady: Bool {
            let hasIssuer = issuers.contains(where: \.isUsable) || issuers.allSatisfy(\.isDisabled)
            return isAuditWritable && !isDraining && mintingFault == nil && emergency != .unknown && hasIssuer
        }
    }

    func report() -> Report {
        Report(
            rules: policies.current.ruleNames.count,
            issuers: verifier.keySetStates.map {
                Report.IssuerReport(name: $0.issuer, isUsable: $0.isUsable, isDisabled: $0.isDisabled)
            },
            isAuditWritable: audit.isWritable, auditDurability: audit.durability,
            isOneUseStoreUsable: usedTokens.isStoreUsable, mintingFault: issuer?.ring.unreadiness,
            isIssuer: issuer != nil,
            keysWithoutFile: issuer?.ring.states.filter { !$0.hasFile }.map(\.keyID) ?? [], isDraining: drain.isRaised,
            emergency: emergency.position)
    }
}

/// Raised once, when the gateway begins to shut down.
final class DrainFlag: Sendable {
    private let flag = Lock(false)
    var isRaised: Bool { flag.withLock { $0 } }
    func raise() { flag.withLock { $0 = true } }
}

extension Readiness.Report {
    /// The JSON document of `/readyz`.
    var bytes: [UInt8] {
        var writer = JSONWriter(into: [UInt8]())
        writer.beginObject()
        writer.member("ready", isReady)
        writer.member("policy_rules", rules)
        writer.name("issuers")
        writer.beginObject()
        for issuer in issuers {
            writer.member(issuer.name, issuer.isDisabled ? "disabled" : issuer.isUsable ? "usable" : "no usable keys")
        }
        writer.endObject()
        writer.member("audit", isAuditWritable ? "writable" : "not writable")
        writer.member("audit_durability", auditDurability.rawValue)
        writer.member("one_use_store", isOneUseStoreUsable.map { $0 ? "usable" : "not usable" })
        if isIssuer { writer.member("minting", mintingFault == nil ? "ready" : "issuer_unpublished") }
        writer.member("emergency_deny", emergency?.rawValue)
        writer.member("draining", isDraining)
        writer.endObject()
        return writer.finish()
    }
}
