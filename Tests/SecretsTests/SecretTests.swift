import Secrets
import Testing

@Suite struct SecretTests {
    @Test func `shows nothing of itself in descriptions, dumps and interpolations`() {
        struct Holder { let token = Secret("hunter2-canary") }
        let secret = Secret("hunter2-canary")
        var dumped = ""
        dump(Holder(), to: &dumped)
        for shown in ["\(secret)", secret.debugDescription, "\(Holder())", String(reflecting: Holder()), dumped] {
            #expect(!shown.contains("canary"))
        }
    }

    @Test func `gives back the bytes it was made of`() {
        var builder = SecretBuilder(capacity: 1)
        for byte in UInt8(0)..<200 { builder.append(byte) }
        builder.append([200, 201, 202].span)
        let secret = builder.finish()
        #expect(secret.count == 203)
        #expect(secret.withBytes { bytes in bytes.indices.map { bytes[$0] } } == Array(UInt8(0)...202))
    }

    @Test func `compares by content`() {
        #expect(Secret("a") == Secret("a"))
        #expect(Secret("a") != Secret("b"))
        #expect(Secret("a") != Secret("ab"))
        #expect(Secret("") == Secret(""))
    }

    @Test func `finds a difference in each place`() {
        let bytes = [UInt8](repeating: 0x55, count: 33)
        for index in bytes.indices {
            for bit in 0..<8 {
                var other = bytes
                other[index] ^= 1 << UInt8(bit)
                #expect(Secret(bytes.span) != Secret(other.span))
            }
        }
        #expect(Secret(bytes.span) == Secret(bytes.span))
    }

    @Test func `keeps bytes that are no text`() {
        let bytes = Array(UInt8.min...UInt8.max)
        #expect(Secret(bytes.span).withBytes { span in span.indices.map { span[$0] } } == bytes)
        #expect(Secret("€").withBytes { span in span.indices.map { span[$0] } } == [0xE2, 0x82, 0xAC])
    }

    @Test func `may be empty`() {
        let nothing: [UInt8] = []
        for secret in [Secret(""), Secret(nothing.span), SecretBuilder(capacity: 0).finish()] {
            #expect(secret.isEmpty)
            #expect(secret.withBytes { $0.count } == 0)
        }
        #expect(!Secret("a").isEmpty)
    }

    @Test func `is a copy of what it was made of`() {
        var bytes: [UInt8] = [1, 2, 3]
        let secret = Secret(bytes.span)
        bytes[0] = 9
        #expect(secret.withBytes { $0[0] } == 1)
    }

    @Test func `passes on what its reader throws`() {
        struct Failure: Error {}
        #expect(throws: Failure.self) {
            try Secret("a").withBytes { (_) throws(Failure) in throw Failure() }
        }
    }
}

@Suite struct SecretBuilderTests {
    @Test func `grows as often as it must, by bytes and by spans`() {
        var builder = SecretBuilder(capacity: 0)
        var expected: [UInt8] = []
        for round in 0..<300 {
            let part = [UInt8](repeating: UInt8(round % 251), count: round % 7)
            builder.append(part.span)
            builder.append(UInt8(round % 256))
            expected += part + [UInt8(round % 256)]
            #expect(builder.count == expected.count)
        }
        #expect(builder.finish() == Secret(expected.span))
    }

    @Test func `takes one part that is far larger than its room`() {
        let part = [UInt8](repeating: 7, count: 100_000)
        var builder = SecretBuilder(capacity: 1)
        builder.append(1)
        builder.append(part.span)
        #expect(builder.finish() == Secret(([1] + part).span))
    }
}
