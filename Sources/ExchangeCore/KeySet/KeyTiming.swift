/// When keys are fetched, kept and given up.
package struct KeyTiming: Sendable {
    /// How old a key set grows before it is fetched again. A key that the issuer withdraws is taken for at most this
    /// long. Vela forbids caching, so the choice is ours: five minutes, the life of a Vela token.
    package var refreshInterval: Duration = .seconds(300)
    /// The least time between the starts of two fetches from one issuer. Ten seconds: junk can cause six fetches a
    /// minute, and a step with a key that is seconds old waits no longer than its client's patience.
    package var coolDown: Duration = .seconds(10)
    /// How long keys serve while they cannot be renewed. A day: a night's outage of the issuer's web server must not
    /// stop builds, and no withdrawn key lives longer.
    package var maximumAge: Duration = .seconds(86_400)
    /// How often the refresh loop looks.
    package var tick: Duration = .seconds(1)

    package init() {}
}
