package import ExchangeCore

/// Answers for the issuers' web servers, counts what is asked, and can hold its answers back.
package actor FakeKeyFetch {
    /// The URLs asked for, in order.
    package private(set) var requests: [String] = []
    /// The URLs for which plaintext was allowed.
    package private(set) var plaintext: [String] = []
    private var answers: [String: [UInt8]] = [:]
    private var failure: KeyFetchFailure?
    private var isHeld = false
    private var held: [CheckedContinuation<Void, Never>] = []
    private var watchers: [(count: Int, continuation: CheckedContinuation<Void, Never>)] = []

    package init() {}

    /// Serves the documents of `issuers`.
    package init(_ issuers: TestIssuer...) {
        for issuer in issuers { answers.merge(issuer.documents) { $1 } }
    }

    /// What the verifier takes.
    package nonisolated var closure: KeyFetch {
        { (url: String, allowPlaintext: Bool) async throws(KeyFetchFailure) -> [UInt8] in
            try await self.fetch(url, allowPlaintext)
        }
    }

    /// Answers `url` with `bytes` from now on.
    package func serve(_ bytes: [UInt8], at url: String) { answers[url] = bytes }

    /// Serves the documents of `issuer` from now on.
    package func serve(_ issuer: TestIssuer) { answers.merge(issuer.documents) { $1 } }

    /// Fails every request until called with nil.
    package func fail(_ reason: String?) { failure = reason.map(KeyFetchFailure.init) }

    /// Keeps every request waiting until `release`.
    package func hold() { isHeld = true }

    /// Lets all requests go on.
    package func release() {
        isHeld = false
        let waiting = held
        held = []
        for continuation in waiting { continuation.resume() }
    }

    /// Returns when `count` requests have come in all.
    package func waitForRequests(_ count: Int) async {
        guard requests.count < count else { return }
        await withCheckedContinuation { watchers.append((count, $0)) }
    }

    private func fetch(_ url: String, _ allowPlaintext: Bool) async throws(KeyFetchFailure) -> [UInt8] {
        requests.append(url)
        if allowPlaintext { plaintext.append(url) }
        for watcher in watchers where watcher.count == requests.count { watcher.continuation.resume() }
        watchers.removeAll { $0.count <= requests.count }
        if isHeld { await withCheckedContinuation { held.append($0) } }
        if let failure { throw failure }
        guard let answer = answers[url] else { throw KeyFetchFailure("404 from \(url)") }
        return answer
    }
}
