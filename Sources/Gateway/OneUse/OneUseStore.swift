/// Where used tokens are noted.
protocol OneUseStore: Sendable {
    /// Notes `use`, all of its keys or none. False when another use has any of them.
    func reserve(_ use: TokenUse) async throws(OneUseStoreError) -> Bool

    /// Forgets `use`, and no other's.
    func release(_ use: TokenUse) async throws(OneUseStoreError)

    /// Throws where `reserve` would.
    func check() async throws(OneUseStoreError)

    /// Called once, when no request is under way.
    func close()
}

/// Why nobody can tell whether a token was used.
struct OneUseStoreError: Error, Sendable, Equatable, CustomStringConvertible {
    let description: String
    init(_ description: String) { self.description = description }
}
