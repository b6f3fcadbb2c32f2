import Crypto
import Foundation
import Testing

@testable import Gateway

/// Values of a page stay values.
struct HTMLTests {
    private static let hostile = #"</textarea></code><script>alert("1")</script><img src=x onerror='x'>&amp;"#

    private func written(_ piece: HTML) -> String {
        var writer = HTMLWriter()
        writer.write(piece)
        return String(decoding: writer.bytes, as: UTF8.self)
    }

    @Test func `text cannot become markup, wherever it stands`() {
        let escaped =
            "&lt;/textarea&gt;&lt;/code&gt;&lt;script&gt;alert(&quot;1&quot;)&lt;/script&gt;&lt;img src=x onerror=&#39;x&#39;&gt;&amp;amp;"
        #expect(written(.text(Self.hostile)) == escaped)
        #expect(written(.code(Self.hostile)) == "<code>\(escaped)</code>")
        #expect(written(.element(.textarea, [], [.editable(Self.hostile)])) == "<textarea>\n\(escaped)</textarea>")
        #expect(written(.element(.input, [.set(.value, Self.hostile)])) == "<input value=\"\(escaped)\">")
    }

    @Test func `a value cannot leave its attribute`() {
        let written = written(.element(.td, [.set(.columnName, "\" onclick=\"x")]))
        #expect(written == "<td data-label=\"&quot; onclick=&quot;x\"></td>")
    }

    @Test(arguments: ["\u{202E}", "\u{2066}", "\u{200B}", "\u{FEFF}", "\u{0}", "\u{1B}", "\u{85}", "\u{2028}", "\r"])
    func `what is hidden is shown by its number`(_ hidden: String) throws {
        let number = String(try #require(hidden.unicodeScalars.first).value, radix: 16, uppercase: true)
        #expect(written(.text("a\(hidden)b")) == "a[U+\(number)]b")
    }

    @Test func `what is to be edited comes back as it was`() {
        #expect(written(.editable("a\u{202E}\r\n\tb")) == "\na\u{202E}\r\n\tb")
        #expect(written(.text("a\n\tb \u{E9}\u{1F600}")) == "a\n\tb \u{E9}\u{1F600}")
    }

    @Test func `the style that the policy allows is the one on the page`() throws {
        let page = String(decoding: HTMLWriter.document(title: "t", body: []), as: UTF8.self)
        let begin = try #require(page.range(of: "<style>"))
        let end = try #require(page.range(of: "</style>"))
        let hash = Data(SHA256.hash(data: Data(page[begin.upperBound..<end.lowerBound].utf8))).base64EncodedString()
        #expect(StyleSheet.source == "'sha256-\(hash)'")
        #expect(!StyleSheet.text.contains("<") && !StyleSheet.text.contains("url("))
    }

    @Test(arguments: [
        (0, "0 s"), (59, "59 s"), (60, "1 min"), (61, "1 min 1 s"), (3600, "1 h"), (11_520, "3 h 12 min"),
        (172_799, "47 h 59 min"), (172_800, "2 days"), (356_400, "4 days 3 h"), (-5, "0 s"),
    ])
    func `times are in words`(_ seconds: Int, _ words: String) {
        #expect(Duration.seconds(seconds).inWords == words)
    }
}
