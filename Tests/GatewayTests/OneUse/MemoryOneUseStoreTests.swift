import StrictJSON
import TestSupport
import Testing

@testable import Gateway

struct MemoryOneUseStoreTests {
    private let clock = ManualClock()

    private func use(_ token: Int, by id: String, jti: String? = nil, life: Int64 = 300) -> TokenUse {
        TokenUse(
            issuer: "https://vela.example.com", signedDigest: "\(token)", tokenID: jti,
            expiresAt: clock.now + .seconds(life), id: id)
    }

    @Test func `of a hundred uses at once one is the first`() async throws {
        let store = MemoryOneUseStore(now: clock.closure)
        let first = try await withThrowingTaskGroup { group in
            for id in 0..<100 {
                let use = use(1, by: "\(id)")
                group.addTask { try await store.reserve(use) }
            }
            return try await group.reduce(into: 0) { $0 += $1 ? 1 : 0 }
        }
        #expect(first == 1)
    }

    @Test func `two tokens with one jti are one`() async throws {
        let store = MemoryOneUseStore(now: clock.closure)
        #expect(try await store.reserve(use(1, by: "a", jti: "j")))
        #expect(try await !store.reserve(use(2, by: "b", jti: "j")))
        // The refused one left no trace.
        #expect(try await store.reserve(use(2, by: "c", jti: "k")))
    }

    @Test func `only its own use is released, and all of it`() async throws {
        let store = MemoryOneUseStore(now: clock.closure)
        let own = use(1, by: "a", jti: "j")
        #expect(try await store.reserve(own))
        try await store.release(use(1, by: "b", jti: "j"))
        #expect(try await !store.reserve(use(1, by: "c", jti: "j")))
        try await store.release(own)
        #expect(store.count == 0)
        #expect(try await store.reserve(use(1, by: "d", jti: "j")))
    }

    @Test func `a use is forgotten when its token is refused anyway, and not before`() async throws {
        let store = MemoryOneUseStore(now: clock.closure)
        #expect(try await store.reserve(use(1, by: "a")))
        let replay = use(1, by: "b")
        clock.advance(by: .seconds(360))
        #expect(try await !store.reserve(replay))
        clock.advance(by: .seconds(1))
        try await store.check()
        #expect(store.count == 0)
    }

    @Test func `a released use that is taken again outlives its first end`() async throws {
        let store = MemoryOneUseStore(now: clock.closure)
        let early = use(1, by: "a", life: 10)
        #expect(try await store.reserve(early))
        try await store.release(early)
        #expect(try await store.reserve(early))
        clock.advance(by: .seconds(70))
        #expect(try await !store.reserve(use(1, by: "b", life: -60)))
    }

    @Test func `when it is full nothing is forgotten and nothing more is taken`() async throws {
        let store = MemoryOneUseStore(capacity: 4, now: clock.closure)
        for token in 1...2 { #expect(try await store.reserve(use(token, by: "a", jti: "\(token)"))) }
        await #expect(throws: OneUseStoreError.self) { try await store.reserve(use(3, by: "b", jti: "3")) }
        await #expect(throws: OneUseStoreError.self) { try await store.check() }
        #expect(try await !store.reserve(use(1, by: "c", jti: "1")))
        clock.advance(by: .seconds(361))
        #expect(try await store.reserve(use(3, by: "d", jti: "3")))
    }
}
