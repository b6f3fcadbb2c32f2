import ExchangeCore
import StrictJSON

extension GatewayStatus {
    /// What is stopped, and whether anybody still knows.
    var emergencyConcerns: [Concern] {
        var concerns = emergency.compactMap(\.concern)
        for state in emergency {
            guard let failure = state.failure else { continue }
            let sentence =
                "The \(state.source.rawValue) of the emergency deny does not tell. What it said last is in force."
            concerns.append(Concern(weight: .warning, sentence: sentence, details: [failure]))
        }
        if !emergencyDoubts.isEmpty {
            let sentence = "Emergency rules may stop nothing under this policy."
            concerns.append(Concern(weight: .warning, sentence: sentence, details: emergencyDoubts))
        }
        return concerns
    }
}

extension EmergencyState {
    /// Nil while nothing is stopped.
    fileprivate var concern: Concern? {
        let place = "the emergency deny in the \(source.rawValue)"
        switch reading {
        case .absent: return nil
        case .deny(let deny):
            guard !deny.ruleNames.isEmpty else { return nil }
            let who = deny.deniesAll ? "Everything is denied" : "Callers are denied"
            return Concern(
                weight: .trouble, sentence: "\(who) by \(place), since \(since.toTheSecond).",
                details: deny.ruleNames)
        case .faulty(let cause):
            return Concern(
                weight: .trouble, sentence: "Everything is denied, because \(place) cannot be understood.",
                details: [cause])
        case .unknown(let cause):
            let sentence = "Nothing is given, because \(place) was not reached since the start."
            return Concern(weight: .trouble, sentence: sentence, details: [cause])
        }
    }
}
