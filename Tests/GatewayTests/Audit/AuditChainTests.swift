import StrictJSON
import Testing

@testable import Gateway

/// The chain over what stands in a sink, whatever a write left there.
struct AuditChainTests {
    private let origin = AuditOrigin(replica: "r", bootID: "boot", now: { Timestamp(seconds: 0) })
    private let bodies = (1...3).map { AuditBody(openObject: Array(#"{"v":1,"outcome":"allowed","n":\#($0)"#.utf8)) }

    @Test func `each line carries the SHA-256 of the one before`() throws {
        var sink = Sink(origin)
        sink.append(bodies)
        let lines = sink.lines
        #expect(lines.count == 4 && lines[0].contains(#""outcome":"start""#) && !lines[0].contains("previous"))
        for (earlier, later) in zip(lines, lines.dropFirst()) {
            #expect(later.hasSuffix(#","previous":"\#(sha256Hex(earlier))"}"#))
        }
        #expect(sink.chain.head == AuditHead(sequence: 4, line: Array(lines[3].utf8)))
    }

    /// Stops the write after every byte in turn, twice, and reads the file as the next process does.
    @Test func `goes on after a write that stopped anywhere`() throws {
        let length = Sink.afterStart(origin).chain.link(bodies).bytes.count
        for taken in 0...length {
            var sink = Sink.afterStart(origin)
            sink.append(bodies, taken: taken)
            sink.append(bodies, taken: taken % 40)
            var restarted = Sink(origin, bytes: sink.bytes)
            sink.append(bodies)
            let report = try sink.verify()
            #expect(report.faults.isEmpty && report.notes.isEmpty, "after \(taken) bytes: \(report.faults)")
            #expect(report.lines == 1 + whole(taken) + 4 && report.head == sink.chain.head, "after \(taken) bytes")
            #expect(sink.lines.contains { $0.contains(#""outcome":"resumed""#) })

            restarted.append(bodies)
            let later = try restarted.verify()
            #expect(later.faults.isEmpty && later.notes.isEmpty, "after \(taken) bytes: \(later.faults)")
            #expect(later.head == restarted.chain.head && later.head?.sequence == later.lines)
        }

        /// How many lines about requests stand whole after so many bytes.
        func whole(_ taken: Int) -> Int {
            Sink.afterStart(origin).chain.link(bodies).lines.count { $0.end - 1 <= taken }
        }
    }

    @Test func `a flush that failed counts what was written`() throws {
        var sink = Sink.afterStart(origin)
        sink.append(bodies, isDurable: false)
        sink.append(bodies)
        let report = try sink.verify()
        #expect(report.faults.isEmpty && report.lines == 1 + 3 + 1 + 3)
    }

    @Test func `a new file joins the one that was moved`() throws {
        var sink = Sink.afterStart(origin)
        sink.append(bodies)
        let moved = sink.bytes
        sink.bytes = []
        sink.chain.open(at: AuditTail())
        sink.append(bodies)
        #expect(sink.lines[0].contains(#""outcome":"rotated""#))
        let alone = try sink.verify()
        #expect(alone.faults.isEmpty && alone.notes.count == 1 && alone.notes[0].contains("name their file first"))
        sink.bytes = moved + sink.bytes
        let joined = try sink.verify()
        #expect(joined.faults.isEmpty && joined.notes.isEmpty && joined.chains == 1)
    }

    @Test func `a file that holds more than is looked at ends in its last line`() throws {
        var sink = Sink(origin)
        sink.append(bodies)
        let end = Array(sink.bytes.suffix(700))
        #expect(AuditTail(reading: end, isWhole: false)?.head == sink.chain.head)
        #expect(AuditTail(reading: Array("x".utf8), isWhole: false) == nil)
        #expect(AuditTail(reading: Array("x\ny\n".utf8), isWhole: true) == nil)
        #expect(AuditTail(reading: Array("{\"v\"".utf8), isWhole: true)?.torn.count == 4)
    }
}

/// The bytes of a sink, and the chain that writes them.
struct Sink {
    var chain: AuditChain
    var bytes: [UInt8]

    init(_ origin: AuditOrigin, bytes: [UInt8] = []) {
        chain = AuditChain(origin: origin, durability: .flushed)
        self.bytes = bytes
        chain.open(at: AuditTail(reading: bytes, isWhole: true) ?? AuditTail())
    }

    static func afterStart(_ origin: AuditOrigin) -> Sink {
        var sink = Sink(origin)
        sink.append([])
        return sink
    }

    var lines: [String] { String(decoding: bytes, as: UTF8.self).split(separator: "\n").map(String.init) }

    mutating func append(_ bodies: [AuditBody], taken: Int? = nil, isDurable: Bool = true) {
        let batch = chain.link(bodies)
        let taken = min(taken ?? batch.bytes.count, batch.bytes.count)
        bytes += batch.bytes[..<taken]
        chain.settle(batch, taken: taken, isDurable: isDurable && taken == batch.bytes.count)
    }

    func verify(heads: [AuditHead] = []) throws -> ChainReport { ChainVerifier.report(on: bytes, heads: heads) }
}

extension ChainVerifier {
    /// What is found in the bytes of one file.
    static func report(on bytes: [UInt8], heads: [AuditHead] = []) -> ChainReport {
        var verifier = ChainVerifier(heads: heads)
        var lines = bytes.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
        let rest = lines.removeLast()
        for (index, line) in lines.enumerated() { verifier.take(line, at: LinePlace(file: "f", number: index + 1)) }
        if !rest.isEmpty { verifier.take(rest, at: LinePlace(file: "f", number: lines.count + 1), isEnded: false) }
        return verifier.finish()
    }
}
