import ExchangeCore
import Foundation
import Testing

/// `--allow` takes the names of the kinds, so people will look for them.
@Suite struct TrustPolicyDocumentTests {
    @Test func `each kind has a heading in the documentation, and no heading is without a kind`() throws {
        let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().appendingPathComponent("../../..")
        let text = try String(contentsOf: root.appendingPathComponent("docs/trust-policy.md"), encoding: .utf8)
        let headings = text.split(separator: "\n").filter { $0.hasPrefix("### ") }.map { String($0.dropFirst(4)) }
        #expect(headings.sorted() == TrustFindingKind.allCases.map(\.rawValue).sorted())
    }
}
