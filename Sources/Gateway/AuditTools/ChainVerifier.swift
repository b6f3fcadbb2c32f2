/// Follows the chain through the lines of a sink, in the order they are given, and says where it is broken.
///
/// Each line stands for all before it. Nothing stands for the last one but a head that was kept elsewhere.
struct ChainVerifier {
    private var report = ChainReport()
    private var wantedHeads: Set<AuditHead>
    /// The line that the next one should follow: the one with the highest number so far.
    private var last: PlacedLine?
    private var torn = TornBytes()
    private var tornPlace: LinePlace?
    private var suspects: (earlier: LinePlace, later: LinePlace)?
    private var gaps = ChainGaps()

    private struct PlacedLine {
        let head: AuditHead
        let place: LinePlace
    }

    /// `heads` were kept elsewhere, and must be met.
    init(heads: [AuditHead] = []) { wantedHeads = Set(heads) }

    /// The next line, without its line feed. `isEnded` is false for a last line that has none.
    mutating func take(_ bytes: ArraySlice<UInt8>, at place: LinePlace, isEnded: Bool = true) {
        guard let line = AuditLine(bytes) else {
            torn.add(bytes)
            if isEnded { torn.add([UInt8(ascii: "\n")]) }
            tornPlace = tornPlace ?? place
            return
        }
        let isExplained = explainTornBytes(before: line, at: place)
        check(line, at: place, isExplained: isExplained)
        let head = AuditHead(sequence: line.sequence, line: bytes)
        wantedHeads.remove(head)
        report.lines += 1
        if line.previous == nil || line.sequence > (last?.head.sequence ?? 0) {
            last = PlacedLine(head: head, place: place)
            report.head = head
        }
    }

    /// What was found, when there are no more lines.
    consuming func finish() -> ChainReport {
        blame(.either)
        if let tornPlace {
            report.notes.append("\(tornPlace): what ends the file is no line: a write was cut, or is under way")
        }
        report.faults += gaps.close()
        for head in wantedHeads.sorted(by: { $0.sequence < $1.sequence }) {
            report.faults.append(
                "no line has the head \(head.sequence): the tail was cut, that line or its number was changed, or the head is another sink's"
            )
        }
        return report
    }
}

extension ChainVerifier {
    /// Whether what stands before `line` and is no line is named by it. True where there is nothing.
    private mutating func explainTornBytes(before line: AuditLine, at place: LinePlace) -> Bool {
        defer { (torn, tornPlace) = (TornBytes(), nil) }
        guard torn.mark != (line.isOpening ? line.torn : nil) else { return true }
        if let tornPlace {
            report.faults.append("\(tornPlace): changed: it is no line of an audit, and the next line does not name it")
        } else {
            report.faults.append("\(place): the torn bytes that it names are not before it: removed")
        }
        return false
    }

    private mutating func check(_ line: AuditLine, at place: LinePlace, isExplained: Bool) {
        guard let last else { return checkFirst(line, at: place) }
        guard let previous = line.previous else { return checkNewChain(line, at: place) }
        let expected = last.head.sequence + 1
        if line.sequence == expected, previous == last.head.digest { return blame(.earlier) }
        if line.sequence == expected {
            // A second broken link in a row: the line between them is the one.
            if suspects == nil { suspects = (last.place, place) } else { blame(.later) }
            return
        }
        blame(.either)
        if line.sequence < expected {
            report.faults.append("\(place): \(gaps.close(line.sequence) ? "reordered" : "repeated, changed or put in")")
        } else if isExplained || line.sequence > expected + 1 {
            report.faults += gaps.open(expected...(line.sequence - 1), before: place)
        }
    }

    private mutating func checkFirst(_ line: AuditLine, at place: LinePlace) {
        report.chains += 1
        if !line.isOpening {
            report.faults.append("\(place): the beginning was cut: no chain begins with such a line")
        } else if line.previous != nil {
            report.notes.append("\(place): goes on from lines that were not given; name their file first")
        }
    }

    /// Standard output begins anew with each process; a file goes on, unless it was put elsewhere meanwhile.
    private mutating func checkNewChain(_ line: AuditLine, at place: LinePlace) {
        blame(.either)
        report.faults += gaps.close()
        report.chains += 1
        if !line.isOpening || line.durability == AuditDurability.flushed.rawValue && place.number > 1 {
            report.faults.append(
                "\(place): begins a new chain where none can begin: changed or put in, or the lines before were cut")
        } else {
            report.notes.append("\(place): a new chain; only its head proves the end of the one before")
        }
    }

    private enum Verdict { case earlier, later, either }

    /// Settles which of two lines was changed, when the second does not carry the SHA-256 of the first.
    private mutating func blame(_ verdict: Verdict) {
        guard let (earlier, later) = suspects else { return }
        suspects = nil
        switch verdict {
        case .earlier: report.faults.append("\(earlier): changed")
        case .later: report.faults.append("\(later): changed")
        case .either: report.faults.append("\(earlier) or \(later): changed")
        }
    }
}
