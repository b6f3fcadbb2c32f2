import ExchangeCore
import TestSupport
import Testing

@Suite struct KeySetTests {
    @Test func `refuses a set that is larger than one may be`() throws {
        let set = try TestIssuer.vela().keySet
        let padding = [UInt8](repeating: UInt8(ascii: " "), count: KeySet.maximumSize - set.count)
        #expect(try KeySet(parsing: set + padding).count == 1)
        #expect(throws: KeySetFault.tooLarge(KeySet.maximumSize + 1)) {
            try KeySet(parsing: set + padding + [UInt8(ascii: " ")])
        }
    }

    @Test(arguments: [
        "kid-empty", "kid-absent", "kid-number", "private", "oct", "rsa-1024", "rsa-exponent-1", "ec-off-curve",
    ])
    func `leaves out and counts a member that is no usable key`(_ name: String) throws {
        let set = try KeySet(parsing: try Vectors.bytes("keysets", name + ".json"))
        #expect(set.count == 0)
        #expect(set.skipped == 1)
    }

    @Test func `counts the keys of a large set`() throws {
        let set = try KeySet(parsing: try Vectors.bytes("keysets", "many.json"))
        #expect(set.count == 301)
        #expect(set.skipped == 0)
    }
}
