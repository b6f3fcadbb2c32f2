/// What has something to do in each turn of a loop, on the loop's thread.
package protocol TurnTaker: AnyObject {
    /// Does what the descriptors and the clock ask for: once a turn, after the watchers of all descriptors were told.
    ///
    /// - Returns: When it wants to be called though nothing happens; nil for never.
    func turn() -> ContinuousClock.Instant?
}
