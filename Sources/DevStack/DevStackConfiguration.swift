/// How a development stack is set up. It listens on 127.0.0.1, whatever else is chosen.
package struct DevStackConfiguration: Sendable {
    /// The port of the Vela server and issuer; 0 lets the system choose.
    package var issuerPort: UInt16 = 0
    /// The port of STS; 0 lets the system choose.
    package var stsPort: UInt16 = 0
    /// Threads that serve.
    package var threads = 1
    /// Whether STS checks web identity tokens. Without it, it is cheap enough to be loaded.
    package var verifiesTokens = true
    /// The audiences that STS takes.
    package var audiences = ["sts.amazonaws.com"]

    /// The issuer's first key; nil for a new one, which takes a tenth of a second and more to generate.
    package var signingKey: SigningKey?

    /// The values above.
    package init() {}
}
