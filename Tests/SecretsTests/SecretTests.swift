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
}
