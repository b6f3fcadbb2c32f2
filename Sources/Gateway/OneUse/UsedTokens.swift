import ExchangeCore
import Logging
import Threading

/// Lets each token of a one-use rule through once: noted after the grant and before STS is asked.
final class UsedTokens: Sendable {
    /// Nil where the settings name none; then a policy with one-use rules does not load.
    private let store: (any OneUseStore)?
    private let onFailure: FailureMode
    private let metrics: GatewayMetrics
    private let logger: Logger
    /// Why the store cannot tell; nil while it can.
    private let failure = Lock<OneUseStoreError?>(nil)

    /// What is given while the store cannot tell.
    enum FailureMode: String, Sendable, CaseIterable {
        /// Nothing.
        case refuse
        /// Credentials, although the token may have been used before. Loud in log, metric and audit.
        case allow
    }

    /// How a token stood, for the audit.
    enum Finding: String, Sendable {
        case first
        /// The store could not tell, and the settings let it pass.
        case unchecked
    }

    init(store: (any OneUseStore)?, onFailure: FailureMode, metrics: GatewayMetrics, logger: Logger) {
        self.store = store
        self.onFailure = onFailure
        self.metrics = metrics
        self.logger = logger
    }

    /// Whether used tokens can be noted; nil without a store.
    var isStoreUsable: Bool? { store == nil ? nil : failure.withLock { $0 == nil } }

    /// Notes the use of `token`, where `grant` is for one use.
    ///
    /// - Returns: The use, to be released if STS surely never saw the token; nil where there is none.
    func take(
        _ token: VerifiedToken, for grant: Grant, noting record: inout AuditRecord
    ) async throws(Refusal) -> TokenUse? {
        guard grant.isOneUse else { return nil }
        let use = TokenUse(of: token, by: record.call.requestID)
        switch await reserve(use) {
        case .success(true):
            record.oneUse = .first
            count("first")
            return use
        case .success(false):
            count("replayed")
            throw .tokenReplayed
        case .failure(let error) where onFailure == .refuse:
            count("unavailable")
            throw .oneUseUnavailable(cause: error.description)
        case .failure:
            record.oneUse = .unchecked
            count("unchecked")
            return nil
        }
    }

    /// Lets the token be used again. Where that fails it stays used: the caller gets a new one from Vela.
    func release(_ use: TokenUse?) async {
        guard let use, let store else { return }
        do throws(OneUseStoreError) {
            try await store.release(use)
            count("released")
        } catch {
            note(error)
        }
    }

    /// Asks the store every five seconds whether it works, so that readiness tells the truth without a request. Runs until it is
    /// cancelled.
    func watch(sleep: @Sendable (Duration) async throws -> Void) async {
        guard let store else { return }
        while !Task.isCancelled {
            do throws(OneUseStoreError) {
                try await store.check()
                note(nil)
            } catch {
                note(error)
            }
            do { try await sleep(.seconds(5)) } catch { return }
        }
    }

    func close() { store?.close() }

    private func reserve(_ use: TokenUse) async -> Result<Bool, OneUseStoreError> {
        guard let store else { return .failure(OneUseStoreError("there is no store: set one_use_store")) }
        do throws(OneUseStoreError) {
            let isFirst = try await store.reserve(use)
            note(nil)
            return .success(isFirst)
        } catch {
            note(error)
            return .failure(error)
        }
    }

    /// Logs when the store fails and when it works again, and not each request in between.
    private func note(_ error: OneUseStoreError?) {
        let before = failure.withLock { failure in
            defer { failure = error }
            return failure
        }
        switch (before, error) {
        case (nil, let error?):
            logger.error(
                "used tokens cannot be noted", metadata: ["cause": "\(error)", "answer": "\(onFailure.rawValue)"])
        case (_?, nil): logger.notice("used tokens can be noted again")
        case (nil, nil), (_?, _?): break
        }
    }

    private func count(_ result: String) { metrics.count(.oneUse, [("result", result)]) }
}
