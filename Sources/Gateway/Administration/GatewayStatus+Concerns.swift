import ExchangeCore
import MicroHTTPD
import StrictJSON

/// Something that an operator should look at: what is wrong, and what it means for callers.
struct Concern: Sendable, Equatable {
    enum Weight: Sendable {
        /// Callers are refused because of it.
        case trouble
        /// Nobody is refused yet.
        case warning
    }

    let weight: Weight
    let sentence: String
    /// Lines that belong to it, such as the faults of a file.
    var details: [String] = []
}

extension GatewayStatus {
    /// What needs attention, trouble first. Empty when all is well.
    var concerns: [Concern] {
        let all = emergencyConcerns + processConcerns + issuerConcerns + policyConcerns + certificateConcerns
        return all.filter { $0.weight == .trouble } + all.filter { $0.weight == .warning }
    }

    private var processConcerns: [Concern] {
        var concerns: [Concern] = []
        if readiness.isDraining {
            concerns.append(Concern(weight: .trouble, sentence: "The gateway is shutting down."))
        }
        for sink in audit {
            guard let failure = sink.failure else { continue }
            concerns.append(
                Concern(
                    weight: .trouble,
                    sentence: "The audit sink \(sink.name) takes no records, so nobody gets credentials: \(failure)."))
        }
        if !load.openCircuits.isEmpty {
            let endpoints = load.openCircuits.joined(separator: ", ")
            concerns.append(
                Concern(weight: .trouble, sentence: "STS does not answer and is left alone for a while: \(endpoints)."))
        }
        if readiness.isOneUseStoreUsable == false {
            let sentence =
                "Used tokens cannot be noted: one_use_store does not answer. Rules with one_use are affected."
            concerns.append(Concern(weight: .trouble, sentence: sentence))
        }
        if let fault = readiness.mintingFault {
            let sentence = "No key may sign tokens of the gateway's own, so it is not ready."
            concerns.append(Concern(weight: .trouble, sentence: sentence, details: [fault]))
        }
        if !readiness.keysWithoutFile.isEmpty {
            let sentence = "The file of a signing key in use is gone. A replica that starts now does not have the key."
            concerns.append(Concern(weight: .warning, sentence: sentence, details: readiness.keysWithoutFile))
        }
        if withheld > 0 {
            let sentence =
                "Credentials that AWS made were withheld \(withheld.times) because their record could not be written."
            concerns.append(Concern(weight: .warning, sentence: sentence))
        }
        if isPlaintextOffLoopback {
            let sentence = "The service listens without TLS off loopback: tokens and credentials travel in the clear."
            concerns.append(Concern(weight: .warning, sentence: sentence))
        }
        return concerns
    }

    private var issuerConcerns: [Concern] {
        issuers.compactMap { issuer in
            if issuer.isDisabled {
                let sentence = "Issuer \(issuer.issuer) is disabled in the policy, so its tokens are refused."
                return Concern(weight: .trouble, sentence: sentence)
            }
            guard !issuer.isUsable else {
                guard issuer.lastFailure != nil else { return nil }
                let sentence = "The keys of issuer \(issuer.issuer) could not be renewed. Those it has still serve."
                return Concern(weight: .warning, sentence: sentence, details: issuer.failureDetails)
            }
            let sentence = "Issuer \(issuer.issuer) has no usable keys, so its tokens are refused."
            return Concern(weight: .trouble, sentence: sentence, details: issuer.failureDetails)
        }
    }

    private var policyConcerns: [Concern] {
        var concerns: [Concern] = []
        if let faults = policy.faults?.faults {
            let sentence =
                "The policy files are faulty. The policy loaded at \(policy.loadedAt.toTheSecond) still decides."
            let more = faults.count > Self.faultsShown ? ["and \(faults.count - Self.faultsShown) more"] : []
            concerns.append(
                Concern(
                    weight: .warning, sentence: sentence,
                    details: faults.prefix(Self.faultsShown).map(\.description) + more))
        }
        for rule in observedRules {
            let what = rule.effect == .allow ? "its condition does not count" : "it keeps nobody out"
            let end = rule.observedUntil?.toTheSecond ?? ""
            concerns.append(
                Concern(weight: .warning, sentence: "Rule \(rule.name) is under observation until \(end): \(what)."))
        }
        return concerns
    }

    private var certificateConcerns: [Concern] {
        guard let certificate else { return [] }
        let (end, left) = (Timestamp(seconds: certificate.ends), Timestamp(seconds: certificate.ends) - takenAt)
        if left <= .zero {
            return [Concern(weight: .trouble, sentence: "The TLS certificate has expired at \(end).")]
        }
        guard left < .seconds(7 * 86_400) else { return [] }
        return [Concern(weight: .warning, sentence: "The TLS certificate expires in \(left.inWords), at \(end).")]
    }

    /// Enough to begin with; the log has each of them.
    private static let faultsShown = 10
}

extension KeySetState {
    fileprivate var failureDetails: [String] {
        guard let lastFailure else { return [] }
        let time = lastFailureAt.map { "\($0.toTheSecond): " } ?? ""
        return [time + lastFailure]
    }
}
