import Foundation

/// A program that runs, its output in files. Whoever starts it ends it: see `Scene`.
final class Child: Sendable {
    let name: String
    private let outputFile: URL
    private let errorFile: URL
    private let process = Process()

    /// How a sanitized program reports: as Scripts/sanitize has told the tests. Nothing otherwise.
    private static let sanitizer = ProcessInfo.processInfo.environment.filter {
        ["ASAN_OPTIONS", "TSAN_OPTIONS"].contains($0.key)
    }

    /// Whether the programs run under a sanitizer, which keeps freed memory and more: what they use says nothing then.
    static var areSanitized: Bool { !sanitizer.isEmpty }

    /// Starts `program`. Its variables are the given ones, PATH, HOME and a sanitizer's options.
    init(_ program: URL, _ arguments: [String], variables: [String: String], name: String, in folder: URL) throws {
        self.name = name
        outputFile = folder.appending(path: "\(name).out")
        errorFile = folder.appending(path: "\(name).err")
        process.executableURL = program
        process.arguments = arguments
        process.environment = ["PATH": "/usr/bin:/bin", "HOME": folder.path].merging(Self.sanitizer) { $1 }
            .merging(variables) { $1 }
        process.currentDirectoryURL = folder
        process.standardInput = FileHandle.nullDevice
        process.standardOutput = try Self.empty(outputFile)
        process.standardError = try Self.empty(errorFile)
        try process.run()
    }

    var pid: Int32 { process.processIdentifier }
    var isRunning: Bool { process.isRunning }

    /// What it wrote to standard output so far.
    var output: String { text(outputFile) }
    /// What it wrote to standard error so far.
    var errors: String { text(errorFile) }

    func send(signal: Int32) {
        if isRunning { kill(pid, signal) }
    }

    /// Waits for the end and gives the exit status; a signal is an error.
    func finish() async throws -> Int32 {
        try await poll("the end of \(name)") { self.isRunning ? nil : true }
        guard process.terminationReason == .exit else {
            throw Unexpected("\(name) was ended by signal \(process.terminationStatus): \(errors.suffix(2000))")
        }
        return process.terminationStatus
    }

    /// Waits for the end and gives the signal that made it; nil for an exit.
    func endingSignal() async throws -> Int32? {
        try await poll("the end of \(name)") { self.isRunning ? nil : true }
        return process.terminationReason == .uncaughtSignal ? process.terminationStatus : nil
    }

    /// Ends it whatever it does, and waits until it is gone.
    func end() async {
        send(signal: SIGKILL)
        while isRunning { try? await Task.sleep(for: .milliseconds(5)) }  // Cancelled: then it spins for a moment.
    }

    /// The bytes of a file under /proc, zero bytes shown as line feeds.
    func proc(_ file: String) throws -> String {
        let bytes = try Data(contentsOf: URL(filePath: "/proc/\(pid)/\(file)"))
        return String(decoding: bytes.map { $0 == 0 ? UInt8(ascii: "\n") : $0 }, as: UTF8.self)
    }

    private func text(_ file: URL) -> String {
        (try? Data(contentsOf: file)).map { String(decoding: $0, as: UTF8.self) } ?? ""  // Made by `init`.
    }

    private static func empty(_ file: URL) throws -> FileHandle {
        try Data().write(to: file)
        return try FileHandle(forWritingTo: file)
    }
}

/// Something a test cannot go on with.
struct Unexpected: Error, CustomStringConvertible {
    let description: String

    init(_ description: String) { self.description = description }
}

/// Looks until `look` gives a value. Gives up after a minute, which no healthy program takes, unless it is sanitized.
@discardableResult
func poll<Value>(_ what: String, _ look: () async throws -> Value?) async throws -> Value {
    let patience = Duration.seconds(Child.areSanitized ? 600 : 60)
    let end = ContinuousClock.now + patience
    while ContinuousClock.now < end {
        if let value = try await look() { return value }
        try await Task.sleep(for: .milliseconds(20))
    }
    throw Unexpected("waited \(patience) for \(what)")
}
