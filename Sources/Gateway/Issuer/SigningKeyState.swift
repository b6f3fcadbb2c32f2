import ExchangeCore
import StrictJSON

/// How one of the gateway's keys is at a moment.
struct SigningKeyState: Sendable, Equatable {
    let keyID: String
    let algorithm: String
    /// Its file's name.
    let file: String
    let hasFile: Bool
    /// Whether it was found at the public issuer URL.
    let isPublished: Bool
    let stage: Stage

    enum Stage: Sendable, Equatable {
        /// Too young: it is to be published until then.
        case waiting(until: Timestamp)
        /// Old enough, and not found at the public issuer URL.
        case unpublished
        case signing
        /// A younger one signs. What was signed lately must stay verifiable, so its file stays until then.
        case retired(keepUntil: Timestamp)

        /// The word of metrics and of `issuer show`.
        var word: String {
            switch self {
            case .waiting: "waiting"
            case .unpublished: "unpublished"
            case .signing: "signing"
            case .retired: "retired"
            }
        }

        static let words = ["waiting", "unpublished", "signing", "retired"]
    }
}

extension RingState {
    /// All keys, oldest first.
    func states(at now: Timestamp) -> [SigningKeyState] {
        let signer = signer(at: now)
        return entries.indices.map { index in
            let entry = entries[index]
            return SigningKeyState(
                keyID: entry.known.key.keyID, algorithm: entry.known.key.algorithm.rawValue,
                file: entry.known.name.text, hasFile: entry.hasFile, isPublished: entry.isPublished,
                stage: stage(of: index, signer: signer, at: now))
        }
    }

    private func stage(of index: Int, signer: Int?, at now: Timestamp) -> SigningKeyState.Stage {
        let entry = entries[index]
        if let signer, index < signer {
            // Another replica may have used it until the younger one could sign.
            let lastUse = max(signsFrom(entries[signer]), entry.lastUsed ?? signsFrom(entries[signer]))
            return .retired(keepUntil: lastUse + Self.publishedAfterUse)
        }
        if index == signer { return .signing }
        let start = signsFrom(entry)
        return start <= now ? .unpublished : .waiting(until: start)
    }
}
