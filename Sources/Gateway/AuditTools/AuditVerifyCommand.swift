import ArgumentParser
import Foundation

/// What can be done with an audit.
struct AuditCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "audit", abstract: "Check an audit.", subcommands: [AuditVerifyCommand.self])
}

/// Proves that the lines of an audit are those that were written.
struct AuditVerifyCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "verify",
        abstract: "Find lines that were changed, removed or reordered; exit status 1 when there are any.",
        discussion: """
            Files of one sink, the oldest first; - is standard input. Of lines collected from several replicas' standard
            output take one replica at a time, by --replica.
            Nothing in a file stands for its last line. A head that was kept elsewhere does: the gateway logs one each
            minute and when it ends ("audit head"), and shows it in the metric vela_gateway_audit_head_info.
            """)

    @Argument(help: "The files, the oldest first.")
    var files: [String]

    @Option(help: ArgumentHelp("A head that must be met. Can be given more than once.", valueName: "sequence:sha256"))
    var head: [String] = []

    @Option(help: "Look at the lines of this replica only.")
    var replica: String?

    func run() throws {
        let heads = try head.map { text in
            guard let head = AuditHead(parsing: text) else {
                throw ValidationError(
                    "--head \(text): write it as the gateway logs it, a number, a colon and 64 hexadecimal digits")
            }
            return head
        }
        var verifier = ChainVerifier(heads: heads)
        for file in files { try read(file, into: &verifier) }
        let report = verifier.finish()
        for note in report.notes { print("note   \(note)") }
        for fault in report.faults { print("FAULT  \(fault)") }
        print(summary(report))
        // Nothing is no proof.
        if !report.faults.isEmpty || report.lines == 0 { throw ExitCode(1) }
    }

    private func read(_ file: String, into verifier: inout ChainVerifier) throws {
        let handle = try open(file)
        var lines = LineSplitter()
        var number = 0
        while let chunk = try handle.read(upToCount: 1 << 18), !chunk.isEmpty {
            for line in try lines.add(chunk, of: file) {
                number += 1
                take(line, LinePlace(file: file, number: number), into: &verifier)
            }
        }
        guard !lines.rest.isEmpty else { return }
        verifier.take(lines.rest[...], at: LinePlace(file: file, number: number + 1), isEnded: false)
    }

    private func take(_ line: ArraySlice<UInt8>, _ place: LinePlace, into verifier: inout ChainVerifier) {
        if let replica, AuditLine(line)?.replica != replica { return }
        verifier.take(line, at: place)
    }

    private func open(_ file: String) throws -> FileHandle {
        if file == "-" { return .standardInput }
        guard let handle = FileHandle(forReadingAtPath: file) else {
            throw ValidationError("cannot read \(file): is the name right, and may you read it?")
        }
        return handle
    }

    private func summary(_ report: ChainReport) -> String {
        let counts = "\(report.lines) lines, \(report.chains) \(report.chains == 1 ? "chain" : "chains")"
        guard report.faults.isEmpty else { return "\(counts), \(report.faults.count) faults" }
        guard let last = report.head else { return "no line of an audit" }
        let tail =
            head.isEmpty
            ? "whether lines after it were cut cannot be said without --head" : "nothing up to the given head was cut"
        return "\(counts), no fault; the last is \(last); \(tail)"
    }
}

/// Cuts bytes into lines.
struct LineSplitter {
    /// What came after the last line feed.
    private(set) var rest: [UInt8] = []

    /// A line is under 16 KiB; torn bytes may be more. What is longer than this is no audit.
    private static let longest = 1 << 24

    /// The lines that `chunk` completes, without their line feeds.
    mutating func add(_ chunk: Data, of file: String) throws -> [ArraySlice<UInt8>] {
        rest += chunk
        var lines = rest.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
        rest = Array(lines.removeLast())
        guard rest.count <= Self.longest else {
            throw ValidationError("\(file) has a line of over 16 MiB: it is no audit")
        }
        return lines
    }
}
