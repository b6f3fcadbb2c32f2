import StrictJSON
import TestSupport
import Testing

@testable import ExchangeCore

/// The rules of when to fetch, step by step, without a fetch.
@Suite struct KeyStateTests {
    private let start = ManualClock().now
    private let timing = KeyTiming()
    private let set: KeySet

    init() throws {
        set = try KeySet(parsing: try TestIssuer.vela().keySet)
    }

    private func discovering() -> KeyState { KeyState(.discovery(allowPlaintext: false), timing, at: start) }

    /// A state whose keys were fetched at `start`.
    private func loaded() -> KeyState {
        var state = discovering()
        _ = state.beginRefreshIfDue(at: start)
        state.end(with: .success(set), at: start)
        return state
    }

    @Test func `the first request takes off and the next ones join it`() {
        var state = discovering()
        #expect(state.look(for: "a", at: start).isOurs == true)
        #expect(state.look(for: "a", at: start).isOurs == false)
        #expect(state.look(for: "b", at: start).isOurs == false)
        #expect(state.beginRefreshIfDue(at: start) == nil)
    }

    @Test func `a key that is absent from a fetch of one's own is unknown`() {
        var state = discovering()
        _ = state.look(for: "z", at: start)
        state.end(with: .success(set), at: start)
        #expect(state.outcome(for: "z", isOurs: true, at: start).absence == .unknown)
        #expect(state.outcome(for: "a", isOurs: true, at: start).absence == nil)
    }

    @Test func `a fetch that was under way before the request does not prove that its key is unknown`() {
        var state = discovering()
        _ = state.look(for: "a", at: start)
        _ = state.look(for: "z", at: start)
        state.end(with: .success(set), at: start)
        #expect(state.outcome(for: "z", isOurs: false, at: start).absence?.wait == timing.coolDown)
        #expect(state.outcome(for: "a", isOurs: false, at: start).absence == nil)
    }

    @Test func `during the cool-down an unknown key is told when to come back`() {
        var state = loaded()
        #expect(state.look(for: "z", at: start + .seconds(4)).absence?.wait == .seconds(6))
        #expect(state.look(for: "z", at: start + .seconds(10)).isOurs == true)
    }

    @Test func `during the cool-down a key is unknown that the last fetch was made for`() {
        var state = discovering()
        _ = state.look(for: "z", at: start)
        state.end(with: .success(set), at: start)
        _ = state.outcome(for: "z", isOurs: true, at: start)
        #expect(state.look(for: "z", at: start + .seconds(1)).absence == .unknown)
        #expect(state.look(for: "fresh", at: start + .seconds(1)).absence?.wait == .seconds(9))
    }

    @Test func `a key remembered as unknown is asked for again after the cool-down, and forgotten at each fetch`() {
        var state = discovering()
        _ = state.look(for: "z", at: start)
        state.end(with: .success(set), at: start)
        _ = state.outcome(for: "z", isOurs: true, at: start)
        let later = start + timing.refreshInterval
        #expect(state.beginRefreshIfDue(at: later) != nil)
        state.end(with: .success(set), at: later)
        #expect(state.look(for: "z", at: later).absence?.wait == timing.coolDown)
        #expect(state.look(for: "z", at: later + timing.coolDown).isOurs == true)
    }

    @Test func `remembers only so many unknown keys`() {
        var state = loaded()
        for number in 0..<KeyState.maximumUnknown + 10 {
            _ = state.outcome(for: "z\(number)", isOurs: true, at: start)
        }
        #expect(state.look(for: "z0", at: start).absence == .unknown)
        #expect(state.look(for: "z\(KeyState.maximumUnknown)", at: start).absence?.wait == timing.coolDown)
    }

    @Test func `a failed fetch leaves the old keys, up to the hard bound`() {
        var state = loaded()
        let later = start + timing.refreshInterval
        _ = state.beginRefreshIfDue(at: later)
        state.end(with: .failure(KeyFetchFailure("down")), at: later)
        #expect(state.look(for: "a", at: start + timing.maximumAge).isFound)
        let beyond = start + timing.maximumAge + .seconds(1)
        #expect(state.snapshot(named: "vela", url: "u", at: beyond).isUsable == false)
        #expect(state.look(for: "a", at: beyond).isOurs == true)
        state.end(with: .failure(KeyFetchFailure("down")), at: beyond)
        #expect(state.outcome(for: "a", isOurs: true, at: beyond).absence == .unavailable("down", timing.coolDown))
        #expect(state.look(for: "a", at: beyond).absence == .unavailable("down", timing.coolDown))
    }

    @Test func `a failed fetch does not make a key unknown`() {
        var state = discovering()
        _ = state.look(for: "z", at: start)
        state.end(with: .failure(KeyFetchFailure("down")), at: start)
        #expect(state.outcome(for: "z", isOurs: true, at: start).absence == .unavailable("down", timing.coolDown))
    }

    @Test func `after failures it waits the cool-down, then twice as long each time, up to the interval`() {
        var state = discovering()
        var moment = start
        var pauses: [Duration] = []
        for _ in 0..<8 {
            #expect(state.beginRefreshIfDue(at: moment) != nil)
            state.end(with: .failure(KeyFetchFailure("down")), at: moment)
            let begun = moment
            while moment - begun < .seconds(1000) {
                moment = moment + .seconds(1)
                var copy = state
                if copy.beginRefreshIfDue(at: moment) != nil { break }
            }
            pauses.append(moment - begun)
        }
        #expect(pauses == [10, 20, 40, 80, 160, 300, 300, 300].map { .seconds($0) })
    }

    @Test func `a fetch that takes long is not joined by a second one, and ages the keys it brings`() {
        var state = discovering()
        #expect(state.beginRefreshIfDue(at: start) != nil)
        let later = start + timing.refreshInterval
        #expect(state.beginRefreshIfDue(at: later) == nil)
        state.end(with: .success(set), at: later)
        #expect(state.snapshot(named: "vela", url: "u", at: later).age == timing.refreshInterval)
    }

    @Test func `keys are due when the interval is over, counted from the start of the fetch`() {
        var state = loaded()
        #expect(state.beginRefreshIfDue(at: start + timing.refreshInterval + .seconds(-1)) == nil)
        #expect(state.beginRefreshIfDue(at: start + timing.refreshInterval) != nil)
    }

    @Test func `a clock that goes back neither stops the refresh nor lengthens the cool-down`() {
        var state = loaded()
        let before = start + .seconds(-86_400)
        #expect(state.look(for: "a", at: before).isFound)
        #expect(state.look(for: "z", at: before).isOurs == true)
        var other = loaded()
        #expect(other.beginRefreshIfDue(at: before) != nil)
    }

    @Test func `static keys are never fetched and never grow old`() throws {
        var state = KeyState(.staticKeys(try TestIssuer.vela().keySet), timing, at: start)
        let later = start + .seconds(1_000_000)
        #expect(state.look(for: "a", at: later).isFound)
        #expect(state.look(for: "z", at: later).absence == .unknown)
        #expect(state.beginRefreshIfDue(at: later) == nil)
        #expect(state.snapshot(named: "vela", url: "u", at: later).age == nil)
    }

    @Test func `static keys that cannot be read are unavailable, with the cause`() {
        var state = KeyState(.staticKeys(Array("{}".utf8)), timing, at: start)
        #expect(state.look(for: "a", at: start).absence?.wait == timing.coolDown)
        #expect(state.snapshot(named: "vela", url: "u", at: start).lastFailure?.contains("no array keys") == true)
    }
}

extension KeyState.Look {
    fileprivate var isFound: Bool { if case .found = self { true } else { false } }
    fileprivate var isOurs: Bool? { if case .wait(_, let isOurs) = self { isOurs } else { nil } }
    fileprivate var absence: KeyAbsence? { if case .absent(let absence) = self { absence } else { nil } }
}

extension Result where Failure == KeyAbsence {
    fileprivate var absence: KeyAbsence? { if case .failure(let absence) = self { absence } else { nil } }
}

extension KeyAbsence {
    fileprivate var wait: Duration? { if case .unavailable(_, let wait) = self { wait } else { nil } }
}
