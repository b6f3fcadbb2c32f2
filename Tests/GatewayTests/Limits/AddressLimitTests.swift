import ExchangeCore
import MicroHTTPD
import Testing

@testable import Gateway

/// Requests a second, by address.
struct AddressLimitTests {
    private let start = ContinuousClock.now
    private let limit = AddressLimit(perSecond: 5)

    private func passed(_ count: Int, from bytes: [UInt8] = [192, 0, 2, 1], after seconds: Double = 0) -> Int {
        (0..<count).count { _ in
            do throws(Refusal) {
                try limit.check(PeerAddress(bytes: bytes, port: 1), at: start + .seconds(seconds))
                return true
            } catch { return false }
        }
    }

    @Test func `takes a burst of two seconds, then so many a second`() {
        #expect(passed(100) == 10)
        #expect(passed(100, after: 1) == 5)
        #expect(passed(100, after: 1.25) == 1)
        #expect(passed(100, after: 60) == 10)
        #expect(passed(100, from: [192, 0, 2, 2]) == 10)
    }

    @Test func `counts a host's IPv6 addresses as one`() {
        let network: [UInt8] = [0x20, 1, 0xd, 0xb8, 0, 0, 0, 1]
        #expect(passed(8, from: network + [0, 0, 0, 0, 0, 0, 0, 1]) == 8)
        #expect(passed(8, from: network + [9, 9, 9, 9, 9, 9, 9, 9]) == 2)
    }

    @Test func `says to wait`() {
        _ = passed(10)
        #expect(throws: Refusal.rateLimited(retryAfter: .seconds(1))) {
            try limit.check(PeerAddress(bytes: [192, 0, 2, 1], port: 1), at: start)
        }
    }

    @Test func `remembers a bounded number of addresses, and who sends too much as long as there is room`() {
        #expect(passed(11) == 10)
        for number in 0..<16_383 {
            _ = passed(1, from: [10, 0, UInt8(number >> 8), UInt8(number & 255)], after: 0)
        }
        #expect(limit.count == 16_384)
        // A second later all but the noisy one have a full bucket again.
        #expect(passed(1, from: [172, 16, 0, 1], after: 1) == 1)
        #expect(limit.count == 2 && passed(100, after: 1) == 5)
    }
}
