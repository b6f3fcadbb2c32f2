import StrictJSON
import Testing

@Suite struct Base64URLTests {
    /// The vectors of RFC 4648 section 10 without padding, and the two characters of section 5.
    private static let table: [(String, [UInt8])] = [
        ("", []), ("Zg", Array("f".utf8)), ("Zm8", Array("fo".utf8)), ("Zm9v", Array("foo".utf8)),
        ("Zm9vYg", Array("foob".utf8)), ("Zm9vYmE", Array("fooba".utf8)), ("Zm9vYmFy", Array("foobar".utf8)),
        ("-_-_", [0xFB, 0xFF, 0xBF]), ("AA", [0]), ("AAA", [0, 0]), ("AAAA", [0, 0, 0]), ("_w", [0xFF]),
        ("__8", [0xFF, 0xFF]),
        ("AQAB", [1, 0, 1]),
    ]

    @Test(arguments: table) func `encodes and decodes the known texts`(text: String, bytes: [UInt8]) {
        #expect(Base64URL.encode(bytes) == text)
        #expect(Base64URL.decode(text.utf8) == bytes)
    }

    @Test(arguments: [
        "Zg==", "Zm8=", "Zg=", "=", "====", "Zm9v=", "Zm9vZg==", "Z=g", "+/+/", "ab+d", "ab/d", "Zm9 v", " Zm9v",
        "Zm9v ", "Zm9v\n",
        "Zm\n9v", "Zm9v\0", "Zm9.", "Zm9é", "Zm9\u{212A}", "Zm9%", "Z", "Zm9vZ", "Zm9vYmFyZ", "A", "AAAAA", "AAAAAAAAA",
    ])
    func `refuses padding, foreign characters and impossible lengths`(text: String) {
        #expect(Base64URL.decode(text.utf8) == nil)
    }

    @Test func `refuses every length that is 1 more than a multiple of 4`() {
        for length in 0..<200 {
            #expect((Base64URL.decode(repeatElement(0x41, count: length).map { $0 }) == nil) == (length % 4 == 1))
        }
    }

    @Test func `allows one spelling for each byte string`() {
        let alphabet = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_".utf8)
        for (value, last) in alphabet.enumerated() {
            #expect((Base64URL.decode([0x41, last]) != nil) == (value % 16 == 0))
            #expect((Base64URL.decode([0x41, 0x41, last]) != nil) == (value % 4 == 0))
            #expect(Base64URL.decode([0x41, 0x41, 0x41, last]) == [0, 0, UInt8(value)])
        }
    }

    @Test func `knows 64 characters of the 256`() {
        let known = (UInt8.min...UInt8.max).filter { Base64URL.decode([$0, 0x41, 0x41, 0x41]) != nil }
        #expect(known.count == 64)
    }

    @Test func `refuses a foreign character wherever it stands`() {
        for length in [2, 3, 4, 6, 7, 8, 43] {
            for index in 0..<length {
                for foreign in Array("=.+/ é".utf8) {
                    var text = [UInt8](repeating: 0x41, count: length)
                    text[index] = foreign
                    #expect(Base64URL.decode(text.span) == nil)
                }
            }
        }
    }

    @Test func `gives back all bytes in all places`() {
        for byte in UInt8.min...UInt8.max {
            for length in 1...7 {
                for index in 0..<length {
                    var bytes = [UInt8](repeating: 0x55, count: length)
                    bytes[index] = byte
                    #expect(Base64URL.decode(Base64URL.encode(bytes).utf8) == bytes)
                }
            }
        }
        let all = Array(UInt8.min...UInt8.max)
        #expect(Base64URL.decode(Base64URL.encode(all).utf8) == all)
        #expect(Base64URL.decode(Base64URL.encode(all[3...]).utf8) == Array(all[3...]))
    }
}
