/// How a development stack is set up. It listens on 127.0.0.1, whatever else is chosen.
package struct DevStackConfiguration: Sendable {
    /// The port of the Vela server and issuer; 0 lets the system choose.
    package var issuerPort: UInt16 = 0
    /// The port of STS; 0 lets the system choose.
    package var stsPort: UInt16 = 0
    /// Server threads of each listener.
    package var threads = 1
    /// Whether STS checks web identity tokens. Without it, it is cheap enough to be loaded.
    package var verifiesTokens = true
    /// The audiences that STS takes.
    package var audiences = ["sts.amazonaws.com"]

    /// Whose tokens STS takes.
    package var trust = Trust.vela
    /// The folder that stands for the gateway's own issuer URL, and is served below `/published` of the STS listener; nil for none.
    package var publishedFolder: String?

    /// Which providers the account has.
    package enum Trust: String, Sendable, CaseIterable {
        case vela
        /// The issuer of the published folder alone.
        case published
        /// Both, as in a migration.
        case both
    }

    /// The issuer's first key; nil for a new one, which takes a tenth of a second and more to generate.
    package var signingKey: SigningKey?

    /// The values above.
    package init() {}
}
