/// The versions of the Vela server whose tokens differ. A token is shaped by the version its build names.
package enum VelaVersion: String, Sendable, CaseIterable {
    /// Numbers and booleans as JSON's own, `event` with a trailing colon, no `pull_fork`.
    case v025 = "v0.25"
    /// As v0.25, with `pull_fork`, absent when false.
    case v026 = "v0.26"
    /// Everything as text, `custom_properties`; `event` keeps its trailing colon up to v0.27.1.
    case v027 = "v0.27"
    /// As v0.27, without the trailing colon.
    case v0272 = "v0.27.2"
    /// As v0.27.2, with `jti`.
    case v028 = "v0.28"

    /// Whether numbers and booleans are text in the token.
    var writesText: Bool { self >= .v027 }
    /// Whether `pull_fork` exists.
    var knowsPullFork: Bool { self >= .v026 }
    /// Whether an event without an action ends in a colon.
    var writesTrailingColon: Bool { self < .v0272 }
    /// Whether `custom_properties` exists.
    var knowsCustomProperties: Bool { self >= .v027 }
    /// Whether each token has a `jti`.
    var writesTokenID: Bool { self >= .v028 }
}

extension VelaVersion: Comparable {
    /// Older is less: the cases stand in order.
    package static func < (left: VelaVersion, right: VelaVersion) -> Bool {
        (allCases.firstIndex(of: left) ?? 0) < (allCases.firstIndex(of: right) ?? 0)
    }
}
