import Foundation
import Testing

@testable import ExchangeCore

@Suite struct LintDocumentTests {
    /// `--allow` takes these names, so people will look for them.
    @Test func `each kind has a heading in the documentation, and no heading is without a kind`() throws {
        let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().appendingPathComponent("../../..")
        let text = try String(contentsOf: root.appendingPathComponent("docs/policy-lint.md"), encoding: .utf8)
        let headings = text.split(separator: "\n").filter { $0.hasPrefix("### ") }.map { $0.dropFirst(4) }
        #expect(headings.sorted() == LintKind.allCases.map { $0.rawValue[...] }.sorted())
    }
}
