/// Fetches `url` by GET and returns the body of a 200.
///
/// Whoever implements it bounds it: at most 1 MiB, a deadline of a few seconds, no redirects. The URL was checked:
/// `allowPlaintext` says that `http` is what this issuer may use. It must come back when its task is cancelled.
package typealias KeyFetch = @Sendable (_ url: String, _ allowPlaintext: Bool) async throws(KeyFetchFailure) -> [UInt8]

/// Why a document of an issuer could not be had; for the log.
package struct KeyFetchFailure: Error, Sendable, Equatable, CustomStringConvertible {
    /// A sentence that names the host, the status or the fault. No token ever goes to an issuer, so none is in it.
    package let description: String

    package init(_ description: String) {
        self.description = description
    }
}
