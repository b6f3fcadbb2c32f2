import ExchangeCore
import Logging

/// A reload of the policy and what is told of it: the verifier gets the new issuers, log and metric the result.
struct PolicyReload: Sendable {
    let parts: GatewayParts

    /// Reads the files again, on SIGHUP.
    func perform() {
        report(parts.policies.reload())
    }

    /// Tells of a reload that the watch or `perform` made.
    func report(_ outcome: ReloadOutcome) {
        switch outcome {
        case .unchanged(let digest):
            count("unchanged")
            parts.logger.info("policy unchanged", metadata: ["policy_digest": "\(digest)"])
        case .replaced(let old, let new, let losses):
            parts.verifier.update(issuers: parts.policies.current.issuers)
            count("replaced")
            parts.logger.notice("policy replaced", metadata: ["old_digest": "\(old)", "policy_digest": "\(new)"])
            guard !losses.isEmpty else { return }
            parts.logger.warning(
                "the new policy lacks bounds of the old one",
                metadata: [
                    "old_digest": "\(old)", "policy_digest": "\(new)",
                    "lost": "\(losses.map(\.description).joined(separator: ", "))",
                ])
        case .kept(let digest, let faults):
            count("failed")
            for fault in faults.faults.prefix(20) {
                parts.logger.error(
                    "the policy is faulty; the last good one stays",
                    metadata: ["policy_digest": "\(digest)", "fault": "\(fault)"])
            }
        }
    }

    private func count(_ result: String) {
        parts.metrics.count(.policyReloads, [("result", result)])
    }
}
