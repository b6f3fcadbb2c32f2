import ExchangeCore
import Testing

@testable import Gateway

@Suite struct YAMLReaderTests {
    private static func faults(_ text: String) -> [PolicyFault] { faults(Array(text.utf8)) }

    private static func faults(_ bytes: [UInt8]) -> [PolicyFault] {
        do throws(PolicyFaults) {
            _ = try YAMLReader.read(bytes, file: "f.yaml")
            return []
        } catch {
            return error.faults
        }
    }

    @Test(arguments: [
        ("a: &x 1\n", 1, 4, "anchor (&x)"), ("a: 1\nb: &x [1, 2]\nc: *x\n", 2, 4, "anchor (&x)"),
        ("a: &x { b: 1 }\n", 1, 4, "anchor"), ("&x a: 1\n", 1, 1, "anchor"), ("a: *x\n", 1, 4, "alias"),
        ("a: !!str 1\n", 1, 4, "tag"), ("a: !!str \"1\"\n", 1, 4, "tag"), ("!!str a: 1\n", 1, 1, "tag"),
        ("a: !x 1\n", 1, 4, "tag"), ("a: ! b\n", 1, 4, "tag"), ("a:\n  - !!map { b: 1 }\n", 2, 5, "tag"),
        ("a: !!seq [1]\n", 1, 4, "tag"), ("a: !!int 'x'\n", 1, 4, "tag"), ("é: ü\nö: !!str 'x'\n", 2, 4, "tag"),
        ("a:\n  <<: { b: 1 }\n", 2, 3, "merge key"), ("a: 1\nb: 2\na: 3\n", 1, 1, "'a' stands here twice"),
        ("? [a]\n: 1\n", 1, 3, "a key is a single value"), ("a: 1\n---\nb: 2\n", 2, 1, "one YAML document"),
        ("a: [1\nb: 2\n", 2, 2, "not YAML"), ("a: 'x\n", 2, 1, "not YAML"), ("a:\n\t- 1\n", 2, 1, "not YAML"),
        ("a: b: c\n", 1, 5, "not YAML"), ("a: \u{1}\n", 1, 1, "not YAML"), ("x: 1\na: \"\\q\"\n", 2, 5, "not YAML"),
    ])
    func `what is not plain YAML is refused at its place`(_ text: String, _ line: Int, _ column: Int, _ message: String)
    {
        let faults = Self.faults(text)
        #expect(faults.first?.message.contains(message) == true, "\(faults)")
        #expect(faults.first?.position == SourcePosition(line: line, column: column), "\(faults)")
        #expect(faults.first?.file == "f.yaml")
    }

    @Test func `several refused constructs are reported together`() {
        #expect(Self.faults("a: &x 1\nb: !!int 2\nc:\n  <<: {}\n").map(\.line) == [1, 2, 4])
    }

    @Test func `scalars stay as they are written`() throws {
        let text = "a: [no, 0123, 1.0, ~, null, 0x1F, 2001-01-01, 'x', \"\\u00e9\", \"\"]\n"
        let source = try YAMLReader.read(Array(text.utf8), file: "f.yaml")
        guard case .mapping(let entries) = source.root.content,
            case .sequence(let nodes)? = entries.first?.value.content
        else {
            Issue.record("no list")
            return
        }
        let texts = nodes.map { node -> String in
            if case .scalar(let text, let quoted) = node.content { (quoted ? "q:" : "") + text } else { "?" }
        }
        #expect(texts == ["no", "0123", "1.0", "~", "null", "0x1F", "2001-01-01", "q:x", "q:é", "q:"])
        #expect(nodes.first?.position == SourcePosition(line: 1, column: 5))
    }

    @Test func `an empty file, a file of comments and other bytes are refused`() {
        #expect(Self.faults("").first?.message.contains("empty") == true)
        #expect(Self.faults("# nothing\n").first?.message.contains("empty") == true)
        #expect(Self.faults([0x61, 0x3A, 0x20, 0xFF]).first?.message.contains("UTF-8") == true)
        #expect(
            Self.faults([UInt8](repeating: 0x23, count: YAMLReader.maximumSize + 1)).first?.message.contains("8 MiB")
                == true)
    }

    @Test(arguments: [33, 300, 900, 5000, 100_000])
    func `deep nesting is refused, not followed`(_ depth: Int) {
        let text = "a: " + String(repeating: "[", count: depth) + String(repeating: "]", count: depth)
        #expect(Self.faults(text).count == 1)
        let mappings = String(repeating: "{a: ", count: depth) + "1" + String(repeating: "}", count: depth)
        #expect(Self.faults(mappings).count == 1)
    }

    @Test func `aliases that stand for thousands of millions of nodes are refused`() {
        var text = "a0: &a0 [x]\n"
        for level in 1...40 {
            text +=
                "a\(level): &a\(level) [" + Array(repeating: "*a\(level - 1)", count: 10).joined(separator: ",") + "]\n"
        }
        #expect(Self.faults(text).first?.message.contains("anchor") == true)
    }

    /// One line of a million columns: whatever looks up a place must not begin at the line's front each time.
    @Test func `too many values are refused`() {
        let text = "a: [" + String(repeating: "x,", count: YAMLReader.maximumNodes) + "]"
        #expect(Self.faults(text).map { $0.message.contains("more than 32 levels or") } == [true])
    }
}
