import Foundation
import StrictJSON
import Testing

/// The real program, as the demo and the end-to-end tests start it.
@Suite struct `The program` {
    private static let executable =
        URL(filePath: CommandLine.arguments[0]).deletingLastPathComponent().appending(path: "vela-aws-devstack")

    @Test(.enabled(if: FileManager.default.isExecutableFile(atPath: executable.path), "vela-aws-devstack is not built"))
    func `says where it is when it is ready, and ends at SIGTERM`() async throws {
        let folder = FileManager.default.temporaryDirectory.appending(path: UUID().uuidString)
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { _ = try? FileManager.default.removeItem(at: folder) }  // Left over, it does no harm.
        let readyFile = folder.appending(path: "ready.json")
        let process = Process()
        let output = Pipe()
        process.executableURL = Self.executable
        process.arguments = [
            "--ready-file", readyFile.path, "--parent-pid", "\(ProcessInfo.processInfo.processIdentifier)",
        ]
        process.standardOutput = output
        process.standardError = Pipe()
        try process.run()
        let line = try await output.fileHandleForReading.bytesToNewline()
        let ready = try JSONValue(parsing: line)
        #expect(ready.object?["pid"]?.integer == Int64(process.processIdentifier))
        #expect(ready.object?["issuer"]?.string?.hasPrefix("http://127.0.0.1:") == true)
        while !FileManager.default.fileExists(atPath: readyFile.path) { try await Task.sleep(for: .milliseconds(5)) }
        #expect(try JSONValue(parsing: Array(Data(contentsOf: readyFile).dropLast())) == ready)
        process.terminate()
        let status = await process.end()
        #expect(status == 0)
    }
}

extension FileHandle {
    /// Reads up to the end of a line, on a thread of its own.
    fileprivate func bytesToNewline() async throws -> [UInt8] {
        let descriptor = fileDescriptor
        return try await withCheckedThrowingContinuation { continuation in
            Thread.detachNewThread {
                let handle = FileHandle(fileDescriptor: descriptor, closeOnDealloc: false)
                var line: [UInt8] = []
                do {
                    while let byte = try handle.read(upToCount: 1)?.first, byte != UInt8(ascii: "\n") {
                        line.append(byte)
                    }
                    continuation.resume(returning: line)
                } catch {
                    continuation.resume(throwing: error)
                }
            }
        }
    }
}

extension Process {
    /// Waits for the end and gives the exit status; 128 and more for a signal.
    fileprivate func end() async -> Int32 {
        while isRunning {
            // Polled: `terminationHandler` set after the end is never called. Cancelled: poll on, the end is near.
            try? await Task.sleep(for: .milliseconds(5))
        }
        return terminationReason == .exit ? terminationStatus : 128 + terminationStatus
    }
}
