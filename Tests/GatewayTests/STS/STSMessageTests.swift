import Secrets
import Testing

@testable import Gateway

struct STSMessageTests {
    private func clean(_ message: String, token: String = STSSamples.token) -> String {
        STSMessage.clean(Secret(message), hiding: Secret(token))
    }

    @Test func `leaves AWS's usual words alone`() {
        let message = "No OpenIDConnect provider found in your account for https://vela.example.com"
        #expect(clean(message) == message)
    }

    @Test func `replaces what could move a cursor, start a line or hide text`() {
        #expect(clean("a\r\nb\u{1B}[2Jc\u{0}d\u{202E}e\u{85}f\u{7F}g\u{2028}h") == "a  b [2Jc d e f g h")
    }

    @Test func `cuts a long message`() {
        let cut = clean(String(repeating: "é", count: 1000))
        #expect(cut.utf8.count <= STSMessage.longest + 3 && cut.hasSuffix("..."))
    }

    @Test func `withholds a message that repeats the token, or any piece of it`() {
        let token = STSSamples.token
        for piece in [token, String(token.prefix(8)), String(token.suffix(8)), String(token.dropFirst(21).prefix(30))] {
            let shown = clean("Value '\(piece)' at 'webIdentityToken' failed to satisfy constraint")
            #expect(!shown.contains(piece) && shown.contains("withheld"))
        }
        #expect(clean("eyJhbGc is how they all begin").hasPrefix("eyJhbGc"))
    }

    @Test func `withholds a message whose cut would leave a piece of the token`() {
        #expect(clean(String(repeating: "x", count: STSMessage.longest - 10) + STSSamples.token).contains("withheld"))
    }

    @Test func `does not fail on what is no UTF-8`() {
        #expect(STSMessage.clean(Secret(([0xC3, 0x28, 0xFF] as [UInt8]).span), hiding: Secret("t")).contains("("))
    }
}
