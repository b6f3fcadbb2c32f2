import ExchangeCore
import StrictJSON
import TestSupport
import Testing

@testable import Gateway

/// Which key signs, when, and what becomes of the others.
struct SigningKeyRingTests {
    private let clock = ManualClock()
    private let keys: KeyFolder
    private let ahead = Duration.seconds(86_400)

    init() throws { keys = try KeyFolder() }

    private func ring() throws -> SigningKeyRing {
        try SigningKeyRing(keys.files, publishAhead: ahead, now: clock.closure)
    }

    @Test func `a key signs only when it was found at the public URL`() throws {
        let known = try keys.add(madeAt: clock.now + .seconds(-90_000))
        let ring = try ring()
        #expect(ring.ids("unpublished") == [known.key.keyID])
        #expect(throws: Refusal.self) { try ring.signer() }
        #expect(ring.unreadiness?.contains("was not found at the issuer's URL") == true)
        try ring.publish([])
        #expect(throws: Refusal.self) { try ring.signer() }
        try ring.publish()
        #expect(try ring.signer().keyID == known.key.keyID)
        #expect(ring.unreadiness == nil && ring.ids("signing") == [known.key.keyID])
    }

    @Test func `another key under the same id is not the same key`() throws {
        let known = try keys.add(madeAt: clock.now + .seconds(-90_000))
        let ring = try ring()
        var forged = SigningKey().publicKey
        forged["kid"] = .string(known.key.keyID)
        ring.note(try KeySet(parsing: JSONValue.object(["keys": [.object(forged)]]).bytes))
        #expect(throws: Refusal.self) { try ring.signer() }
        // Nor is the same one, when it is said to be for an algorithm that it does not sign with.
        var other = known.key.publicKey
        other["alg"] = "ES384"
        ring.note(try KeySet(parsing: JSONValue.object(["keys": [.object(other)]]).bytes))
        #expect(throws: Refusal.self) { try ring.signer() }
    }

    @Test func `a young key waits a day by its name, and the older one signs meanwhile`() throws {
        let old = try keys.add(madeAt: clock.now + .seconds(-200_000))
        let young = try keys.add(madeAt: clock.now)
        let ring = try ring()
        try ring.publish()
        #expect(try ring.signer().keyID == old.key.keyID)
        #expect(ring.states.last?.stage == .waiting(until: clock.now + ahead))
        clock.advance(by: ahead - .seconds(1))
        #expect(try ring.signer().keyID == old.key.keyID)
        clock.advance(by: .seconds(1))
        #expect(try ring.signer().keyID == young.key.keyID)
        #expect(ring.states.first?.stage == .retired(keepUntil: clock.now + .seconds(86_400)))
    }

    @Test func `of two keys of one second the one that waits is the younger`() throws {
        let keys = try (0..<8).map { _ in try KeyFolder() }
        for folder in keys {
            try folder.add(madeAt: clock.now, atOnce: true)
            let second = try folder.add(madeAt: clock.now)
            let ring = try SigningKeyRing(folder.files, publishAhead: .zero, now: clock.closure)
            try ring.publish()
            #expect(try ring.signer().keyID == second.key.keyID)
        }
    }

    @Test func `the wait survives a restart, and alone it is not shortened`() throws {
        try keys.add(madeAt: clock.now)
        clock.advance(by: .seconds(3600))
        let ring = try ring()
        try ring.publish()
        #expect(throws: Refusal.self) { try ring.signer() }
        #expect(ring.unreadiness?.contains("signs from 2026-01-02T00:04:05Z") == true)
        clock.advance(by: ahead - .seconds(3600))
        #expect(throws: Never.self) { try ring.signer() }
    }

    @Test func `a key that came late to a running gateway waits from then`() throws {
        let old = try keys.add(madeAt: clock.now + .seconds(-200_000))
        let ring = try ring()
        let late = try keys.add(madeAt: clock.now + .seconds(-100_000))
        #expect(ring.isStale && ring.reload() == .replaced(added: [late.key.keyID], gone: [], needed: []))
        try ring.publish()
        #expect(try ring.signer().keyID == old.key.keyID)
        clock.advance(by: ahead)
        #expect(try ring.signer().keyID == late.key.keyID)
    }

    @Test func `a key named so signs at once, once it is published`() throws {
        let old = try keys.add(madeAt: clock.now + .seconds(-200_000))
        let ring = try ring()
        let urgent = try keys.add(madeAt: clock.now, atOnce: true)
        _ = ring.reload()
        try ring.publish([old])
        #expect(try ring.signer().keyID == old.key.keyID)
        try ring.publish()
        #expect(try ring.signer().keyID == urgent.key.keyID)
    }

    @Test func `what is no longer found gives way to the older one`() throws {
        let old = try keys.add(madeAt: clock.now + .seconds(-300_000))
        let young = try keys.add(madeAt: clock.now + .seconds(-200_000))
        let ring = try ring()
        try ring.publish()
        #expect(try ring.signer().keyID == young.key.keyID)
        try ring.publish([old])
        #expect(try ring.signer().keyID == old.key.keyID)
    }

    @Test func `the key that signs stays when its file goes, and shows that it has none`() throws {
        let known = try keys.add(madeAt: clock.now + .seconds(-200_000))
        let ring = try ring()
        try ring.publish()
        try keys.remove(known)
        #expect(ring.reload() == .replaced(added: [], gone: [], needed: [known.key.keyID]))
        #expect(try ring.signer().keyID == known.key.keyID)
        #expect(ring.states.map(\.hasFile) == [false] && ring.publicKeys.count == 1)
        // No time alone takes the last key away.
        clock.advance(by: .seconds(1_000_000))
        ring.sweep()
        #expect(try ring.signer().keyID == known.key.keyID)
    }

    @Test func `a key that signed stays published for a day after its last use`() throws {
        let old = try keys.add(madeAt: clock.now + .seconds(-200_000))
        let ring = try ring()
        try ring.publish()
        _ = try ring.signer()
        let urgent = try keys.add(madeAt: clock.now, atOnce: true)
        try keys.remove(old)
        #expect(ring.reload() == .replaced(added: [urgent.key.keyID], gone: [], needed: [old.key.keyID]))
        try ring.publish()
        #expect(try ring.signer().keyID == urgent.key.keyID)
        clock.advance(by: .seconds(86_399))
        ring.sweep()
        #expect(ring.publicKeys.count == 2)
        clock.advance(by: .seconds(1))
        ring.sweep()
        #expect(ring.publicKeys.count == 1)
    }

    @Test func `a key that nobody used goes with its file`() throws {
        try keys.add(madeAt: clock.now + .seconds(-200_000))
        let young = try keys.add(madeAt: clock.now)
        let ring = try ring()
        try ring.publish()
        try keys.remove(young)
        #expect(ring.reload() == .replaced(added: [], gone: [young.key.keyID], needed: []))
        #expect(ring.states.count == 1)
    }

    @Test func `one faulty file changes nothing, and is told once`() throws {
        let known = try keys.add(madeAt: clock.now + .seconds(-200_000))
        let ring = try ring()
        try ring.publish()
        try keys.add(madeAt: clock.now)
        try keys.folder.write("CANARY", to: "issuer-20260101T000410Z.pem")
        guard case .failed(let cause) = ring.reload() else {
            Issue.record("it was taken")
            return
        }
        #expect(cause.contains("000410Z.pem") && !cause.contains("CANARY"))
        #expect(!ring.isStale && ring.states.count == 1)
        #expect(try ring.signer().keyID == known.key.keyID)
    }

    @Test func `a file that comes back is as it was`() throws {
        let known = try keys.add(madeAt: clock.now + .seconds(-200_000))
        let ring = try ring()
        try ring.publish()
        try keys.remove(known)
        _ = ring.reload()
        try keys.add(known.key, madeAt: known.name.madeAt)
        #expect(ring.reload() == .replaced(added: [known.key.keyID], gone: [], needed: []))
        #expect(ring.states.map(\.hasFile) == [true])
        #expect(try ring.signer().keyID == known.key.keyID)
        #expect(ring.reload() == .unchanged)
    }
}
