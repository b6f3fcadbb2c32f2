import StrictJSON
import Testing

@testable import Gateway

/// What somebody may do to a file afterwards, and what is found.
struct ChainVerifierTests {
    private let lines: [String]
    private let head: AuditHead

    init() throws {
        var sink = Sink(AuditOrigin(replica: "r", bootID: nil, now: { Timestamp(seconds: 0) }))
        sink.append((1...8).map { AuditBody(openObject: Array(#"{"v":1,"outcome":"allowed","n":"\#($0)""#.utf8)) })
        lines = sink.lines
        head = try #require(sink.chain.head)
    }

    @Test func `an untouched file has no fault`() {
        let report = report(lines)
        #expect(report.faults.isEmpty && report.notes.isEmpty)
        #expect(report.lines == 9 && report.chains == 1 && report.head == head)
        #expect(self.report(lines, heads: [head]).faults.isEmpty)
    }

    @Test(arguments: 0..<8)
    func `a changed line is named`(_ index: Int) {
        let changed = changing(index) { $0.replacing(#""v":1,"#, with: #""v":1,"x":0,"#) }
        #expect(report(changed).faults == [index == 7 ? "f:8 or f:9: changed" : "f:\(index + 1): changed"])
    }

    @Test(arguments: 1..<8)
    func `a line with a changed link is named`(_ index: Int) {
        let changed = changing(index) { String($0.dropLast(3)) + ($0.hasSuffix("0\"}") ? "1" : "0") + "\"}" }
        #expect(report(changed).faults == ["f:\(index + 1): changed"])
    }

    @Test(arguments: 1..<8)
    func `a line that became none is named`(_ index: Int) {
        #expect(report(changing(index) { "x" + $0 }).faults.first?.hasPrefix("f:\(index + 1): changed") == true)
        #expect(report(changing(index) { "x" + $0 }).faults.count == 1)
    }

    /// Every byte but those of the last line and the line feed before it: to join it to another one is to cut the tail.
    @Test func `no byte can be changed unseen`() {
        let bytes = Array((lines.joined(separator: "\n") + "\n").utf8)
        let end = bytes.count - lines[8].utf8.count - 2
        for index in 0..<end {
            var changed = bytes
            changed[index] ^= 1
            #expect(!ChainVerifier.report(on: changed).faults.isEmpty, "byte \(index)")
        }
    }

    @Test func `the last line is proven by a head only`() {
        let changed = changing(8) { $0.replacing(#""n":"8""#, with: #""n":"9""#) }
        #expect(report(changed).faults.isEmpty)
        #expect(report(changed, heads: [head]).faults.count == 1)
    }

    @Test(arguments: 1..<8)
    func `a removed line is named`(_ index: Int) {
        var rest = lines
        rest.remove(at: index)
        #expect(report(rest).faults == ["f:\(index + 1): line \(index + 1) was removed before it"])
    }

    @Test func `removed lines, and a cut beginning`() {
        #expect(report(Array(lines[..<3] + lines[6...])).faults == ["f:4: lines 4 to 6 were removed before it"])
        #expect(report(Array(lines[2...])).faults == ["f:1: the beginning was cut: no chain begins with such a line"])
    }

    @Test(arguments: 1..<7)
    func `swapped lines are named`(_ index: Int) {
        var swapped = lines
        swapped.swapAt(index, index + 1)
        #expect(report(swapped).faults == ["f:\(index + 2): reordered"])
    }

    @Test func `repeated lines are named`() {
        var repeated = lines
        repeated.insert(lines[3], at: 6)
        #expect(report(repeated).faults == ["f:7: repeated, changed or put in"])
    }

    @Test func `a cut tail is found with the head, and not without`() throws {
        let cut = Array(lines.dropLast(2))
        #expect(report(cut).faults.isEmpty)
        let fault = try #require(report(cut, heads: [head]).faults.first)
        #expect(fault.hasPrefix("no line has the head 9: the tail was cut"))
    }

    @Test func `a torn line that is removed or changed is found`() throws {
        let origin = AuditOrigin(replica: "r", bootID: nil, now: { Timestamp(seconds: 0) })
        var sink = Sink.afterStart(origin)
        let body = AuditBody(openObject: Array(#"{"v":1,"outcome":"allowed""#.utf8))
        sink.append([body], taken: 20)
        sink.append([body])
        #expect(report(sink.lines).faults.isEmpty && sink.lines.count == 4)
        var removed = sink.lines
        removed.remove(at: 1)
        #expect(report(removed).faults == ["f:2: the torn bytes that it names are not before it: removed"])
        var changed = sink.lines
        changed[1] += "x"
        #expect(report(changed).faults.first?.hasPrefix("f:2: changed: it is no line of an audit") == true)
    }

    @Test func `a new chain is a note on standard output, and a fault within a file`() {
        var collected = Sink(AuditOrigin(replica: "r", bootID: nil, now: { Timestamp(seconds: 0) }))
        collected.append([])
        let fault = report(lines + collected.lines).faults.first
        #expect(fault?.hasPrefix("f:10: begins a new chain where none can begin") == true)
        let written = collected.lines.map { $0.replacing("flushed", with: "written") }
        let later = report(lines + written)
        #expect(later.faults.isEmpty && later.chains == 2 && later.notes.count == 1)
    }

    @Test(arguments: [
        "", "7", "0:" + String(repeating: "a", count: 64), "7:abc", "7:" + String(repeating: "A", count: 64),
    ])
    func `a head is a number and a digest`(_ text: String) { #expect(AuditHead(parsing: text) == nil) }

    @Test func `a head reads as it is printed`() { #expect(AuditHead(parsing: "\(head)") == head) }

    private func changing(_ index: Int, _ change: (String) -> String) -> [String] {
        var lines = lines
        lines[index] = change(lines[index])
        return lines
    }

    private func report(_ lines: [String], heads: [AuditHead] = []) -> ChainReport {
        ChainVerifier.report(on: Array((lines.joined(separator: "\n") + "\n").utf8), heads: heads)
    }
}
