import ExchangeCore
import Secrets
import StrictJSON
import TestSupport
import Testing
import Threading

/// The verifier with issuers that answer, fail, hang and change their keys.
@Suite struct KeyFetchingTests {
    private let clock = ManualClock()
    private let vela: TestIssuer
    private let other: TestIssuer
    private let token: Secret

    init() throws {
        vela = try .vela()
        other = try TestIssuer("https://idp.example.com", keys: [.rsa("b", other: true)])
        token = try vela.token(VelaClaims(at: clock.now).members)
    }

    private static let velaIssuer = issuer("vela", VelaClaims.issuer)
    private static let otherIssuer = issuer("other", "https://idp.example.com")

    private static func issuer(_ name: String, _ url: String) -> Issuer {
        Issuer(name: name, url: url, audiences: ["sts.amazonaws.com"], kind: .vela)
    }

    private func verifier(_ fetch: FakeKeyFetch, _ issuers: [Issuer] = [velaIssuer, otherIssuer]) -> TokenVerifier {
        TokenVerifier(issuers: issuers, fetch: fetch.closure, now: clock.closure)
    }

    private func token(kid: String) throws -> Secret {
        try vela.token(VelaClaims(at: clock.now).members, header: ["kid": .string(kid)])
    }

    private func otherToken() throws -> Secret {
        try other.token(VelaClaims(issuer: other.url, at: clock.now).members)
    }

    /// `ok` or the code of the refusal.
    private func answer(_ verifier: TokenVerifier, _ token: Secret) async -> String {
        do throws(Refusal) {
            _ = try await verifier.verify(token)
            return "ok"
        } catch {
            return error.tokenCode
        }
    }

    /// Runs the refresh loop for `ticks` ticks, the clock standing still.
    private func refresh(_ verifier: TokenVerifier, ticks: Int = 1) async {
        let left = Countdown(ticks)
        await verifier.refreshLoop { _ in try left.step() }
    }

    @Test func `fetches once for many requests at the same time`() async throws {
        let fetch = FakeKeyFetch(vela)
        let verifier = verifier(fetch)
        await fetch.hold()
        let answers = await withTaskGroup(of: String.self) { group in
            for _ in 0..<50 { group.addTask { await self.answer(verifier, self.token) } }
            await fetch.waitForRequests(1)
            for _ in 0..<100 { await Task.yield() }
            await fetch.release()
            return await group.reduce(into: []) { $0.append($1) }
        }
        #expect(answers == Array(repeating: "ok", count: 50))
        #expect(await fetch.requests == [vela.url + "/.well-known/openid-configuration", vela.keysURL])
        #expect(await fetch.plaintext.isEmpty)
    }

    @Test func `takes a key that the issuer made a moment ago, once the cool-down is over`() async throws {
        let fetch = FakeKeyFetch(vela)
        let verifier = verifier(fetch)
        #expect(await answer(verifier, token) == "ok")
        let renewed = try TestIssuer(keys: [.rsa(), .rsa("fresh", other: true)])
        await fetch.serve(renewed)
        let fresh = try renewed.token(VelaClaims(at: clock.now).members, key: renewed.keys[1])
        await #expect(
            throws: Refusal.keysUnavailable(
                issuer: "vela", cause: "no such key yet, and the last fetch was a moment ago", retryAfter: .seconds(10))
        ) { try await verifier.verify(fresh) }
        #expect(await fetch.requests.count == 2)
        clock.advance(by: .seconds(10))
        #expect(await answer(verifier, fresh) == "ok")
        #expect(await fetch.requests.count == 4)
    }

    @Test func `junk key ids cannot make it fetch more than once a cool-down, nor keep a fresh key out`() async throws {
        let fetch = FakeKeyFetch(vela)
        let verifier = verifier(fetch)
        #expect(await answer(verifier, token) == "ok")
        clock.advance(by: .seconds(10))
        for number in 0..<300 { _ = await answer(verifier, try token(kid: "junk-\(number)")) }
        #expect(await fetch.requests.count == 4)
        #expect(await answer(verifier, try token(kid: "junk-0")) == "token_unknown_key")
        #expect(await answer(verifier, try token(kid: "junk-1")) == "keys_unavailable")
        let renewed = try TestIssuer(keys: [.rsa("fresh", other: true)])
        await fetch.serve(renewed)
        clock.advance(by: .seconds(10))
        #expect(await answer(verifier, try renewed.token(VelaClaims(at: clock.now).members)) == "ok")
    }

    @Test func `old keys serve while the issuer is down, and a day later no more`() async throws {
        let fetch = FakeKeyFetch(vela)
        let verifier = verifier(fetch, [Self.velaIssuer])
        #expect(await answer(verifier, token) == "ok")
        await fetch.fail("connection refused")
        clock.advance(by: .seconds(600))
        await refresh(verifier)
        await fetch.waitForRequests(3)
        #expect(await poll { verifier.keySetStates[0].failures == 1 })
        #expect(verifier.keySetStates[0].lastFailure == "connection refused")
        #expect(verifier.keySetStates[0].isUsable)
        #expect(await answer(verifier, try token(kid: "a")) == "ok")
        clock.advance(by: .seconds(86_400))
        #expect(await answer(verifier, try token(kid: "a")) == "keys_unavailable")
        #expect(verifier.keySetStates[0].isUsable == false)
    }

    @Test func `the refresh fetches what is due, and a withdrawn key is refused`() async throws {
        let fetch = FakeKeyFetch(vela, other)
        let verifier = verifier(fetch)
        await refresh(verifier, ticks: 5)
        #expect(await poll { verifier.keySetStates.allSatisfy(\.isUsable) })
        #expect(await fetch.requests.count == 4)
        #expect(await answer(verifier, token) == "ok")
        await fetch.serve(try TestIssuer(keys: [.rsa("next", other: true)]))
        clock.advance(by: .seconds(299))
        await refresh(verifier, ticks: 5)
        #expect(await fetch.requests.count == 4)
        clock.advance(by: .seconds(1))
        await refresh(verifier, ticks: 5)
        #expect(await poll { verifier.keySetStates.allSatisfy { $0.fetches == 2 && $0.age == .zero } })
        #expect(await answer(verifier, token) == "keys_unavailable")
        clock.advance(by: .seconds(10))
        #expect(await answer(verifier, try token(kid: "a")) == "token_unknown_key")
    }

    @Test func `one issuer that hangs does not touch another`() async throws {
        let fetch = FakeKeyFetch(vela, other)
        let verifier = verifier(fetch)
        #expect(await answer(verifier, try otherToken()) == "ok")
        await fetch.hold()
        let waiting = Task { await answer(verifier, token) }
        await fetch.waitForRequests(3)
        #expect(await answer(verifier, try otherToken()) == "ok")
        await fetch.release()
        #expect(await waiting.value == "ok")
    }

    @Test func `a cancelled request does not wait for the fetch`() async throws {
        let fetch = FakeKeyFetch(vela)
        let verifier = verifier(fetch)
        await fetch.hold()
        let waiting = Task { await answer(verifier, token) }
        await fetch.waitForRequests(1)
        waiting.cancel()
        // Would not return while the fetch is held.
        #expect(await waiting.value == "keys_unavailable")
        await fetch.release()
        #expect(await poll { verifier.keySetStates[0].isUsable })
        #expect(await answer(verifier, token) == "ok")
    }

    @Test func `a request that is cancelled before it asks does not wait either`() async throws {
        let fetch = FakeKeyFetch(vela)
        let verifier = verifier(fetch)
        await fetch.hold()
        let late = Task {
            while !Task.isCancelled { await Task.yield() }
            return await answer(verifier, token)
        }
        late.cancel()
        #expect(await late.value == "keys_unavailable")
        await fetch.waitForRequests(1)
        await fetch.release()
    }

    @Test func `a reload keeps the keys of issuers that stay, whatever their name`() async throws {
        let fetch = FakeKeyFetch(vela, other)
        let verifier = verifier(fetch)
        #expect(await answer(verifier, token) == "ok")
        verifier.update(issuers: [Self.issuer("renamed", VelaClaims.issuer)])
        #expect(try await verifier.verify(token).issuer == "renamed")
        #expect(await fetch.requests.count == 2)
        #expect(verifier.keySetStates.map(\.issuer) == ["renamed"])
        #expect(await answer(verifier, try otherToken()) == "token_unknown_issuer")
    }

    @Test func `a reload gives no issuer the keys of another`() async throws {
        let fetch = FakeKeyFetch(vela, other)
        let verifier = verifier(fetch, [Self.velaIssuer])
        #expect(await answer(verifier, token) == "ok")
        verifier.update(issuers: [Self.otherIssuer])
        #expect(verifier.keySetStates[0].isUsable == false)
        #expect(await answer(verifier, try otherToken()) == "ok")
    }

    @Test func `a reload with another source of keys forgets the old ones`() async throws {
        let fetch = FakeKeyFetch(vela)
        let verifier = verifier(fetch)
        #expect(await answer(verifier, token) == "ok")
        var pinned = Self.velaIssuer
        pinned.keySource = .staticKeys(try TestIssuer(keys: [.rsa("b", other: true)]).keySet)
        verifier.update(issuers: [pinned])
        #expect(await answer(verifier, token) == "token_unknown_key")
        #expect(await fetch.requests.count == 2)
    }

    @Test func `counts the odd members of a key set`() async throws {
        let fetch = FakeKeyFetch(vela)
        await fetch.serve(try Vectors.bytes("keysets", "odd-neighbours.json"), at: vela.keysURL)
        let verifier = verifier(fetch, [Self.velaIssuer])
        #expect(await answer(verifier, token) == "ok")
        let state = verifier.keySetStates[0]
        #expect(state.keys == 1)
        #expect(state.skipped == 13)
        #expect(state.fetches == 1)
        #expect(state.failures == 0)
    }

    /// Asks until it is so; bounded, so that a fault is a failure and not a hang.
    private func poll(_ condition: () async -> Bool) async -> Bool {
        for _ in 0..<100_000 {
            if await condition() { return true }
            await Task.yield()
        }
        return false
    }
}

/// Ends a loop after some steps.
private final class Countdown: Sendable {
    private let left: Lock<Int>

    init(_ steps: Int) { left = Lock(steps) }

    func step() throws {
        let isOver = left.withLock { left in
            left -= 1
            return left <= 0
        }
        if isOver { throw CancellationError() }
    }
}
