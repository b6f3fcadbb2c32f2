import Secrets
import Testing

@testable import Gateway

/// The XML that AWS SDKs are answered in.
struct XMLWriterTests {
    @Test func `escapes text, and replaces what XML cannot say`() {
        var writer = XMLWriter(capacity: 1)
        writer.element("A", attributes: #" x="y""#) {
            $0.element("B", "<&>\"'\r\n\t\u{0}\u{1B}\u{FFFF}\u{E4}\u{1F600}")
            $0.element("C", Secret("a<b>&c"))
        }
        #expect(
            STSSamples.text(of: writer.finish())
                == "<A x=\"y\"><B>&lt;&amp;&gt;\"'&#xD;\n\t\u{FFFD}\u{FFFD}\u{FFFD}\u{E4}\u{1F600}</B><C>a&lt;b&gt;&amp;c</C></A>"
        )
    }
}
