import Foundation
import Testing

@testable import ClientCLI

/// The client killed at every call that touches the file system while it writes.
@Suite struct KillTests {
    private static let strace = Command.find("strace")
    private static let binary: URL = {
        let tests = URL(filePath: (try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")) ?? "")
        return tests.deletingLastPathComponent().appending(path: "vela-aws-credentials")
    }()
    private static let calls = [
        "openat", "mkdir", "mkdirat", "flock", "write", "fchmod", "fsync", "rename", "renameat", "renameat2",
        "unlinkat",
    ]

    private struct Run {
        let status: Int32
        let log: String
    }

    /// Runs the client under strace with `inject`; the umask is the widest.
    private func run(_ fixture: Fixture, _ script: String, _ format: String, inject: String?) throws -> Run {
        let process = Process()
        let log = "\(fixture.root)-strace"
        defer { try? FileManager.default.removeItem(atPath: log) }
        process.executableURL = URL(filePath: "/bin/sh")
        let trace = "trace=" + Self.calls.joined(separator: ",")
        let options = ["-qq", "-o", log, "-e", trace] + (inject.map { ["-e", "inject=\($0)"] } ?? [])
        process.arguments = ["-c", "umask 0; exec \"$@\"", "sh", "strace"] + options + [Self.binary.path]
        process.environment = fixture.variables.merging([
            "PARAMETER_SCRIPT_WRITE": "true", "PARAMETER_SCRIPT_PATH": script, "PARAMETER_SCRIPT_FORMAT": format,
            "PATH": "/usr/bin:/bin",
        ]) { $1 }.merging(Command.sanitizer) { $1 }
        process.standardError = FileHandle.nullDevice
        process.standardOutput = FileHandle.nullDevice
        try process.run()
        process.waitUntilExit()
        return Run(status: process.terminationStatus, log: try String(contentsOfFile: log, encoding: .utf8))
    }

    /// Every file below `folder` that others than its owner could read, and the content of `script`.
    private func check(_ folder: String, _ script: String, old: String?, new: String, _ what: String) throws {
        let content = try? String(contentsOfFile: script, encoding: .utf8)
        #expect(content == old || content == new, "\(what): \(content ?? "no file")")
        for name in FileManager.default.enumerator(atPath: folder)?.compactMap({ $0 as? String }) ?? [] {
            let mode = try FileManager.default.attributesOfItem(atPath: "\(folder)/\(name)")[.posixPermissions] as? Int
            #expect((mode ?? 0) & 0o077 == 0, "\(what): \(name) has mode \(String(mode ?? 0, radix: 8))")
        }
    }

    @Test(
        .enabled(if: strace != nil, "strace is not installed"), arguments: ["shell", "credential_file"], [true, false])
    func `leaves the old file or the new one, whole, at whatever call it is killed`(format: String, hasOld: Bool) throws
    {
        let fixture = Fixture(Fixture.server())
        let folder = "\(fixture.root)/a"
        let script = hasOld ? "\(folder)/file" : "\(folder)/b/file"
        let old = hasOld ? "[other]\nkey=value\n" : nil
        func reset() throws {
            try? FileManager.default.removeItem(atPath: fixture.root)
            guard let old else { return }
            try FileManager.default.createDirectory(
                atPath: folder, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
            #expect(
                FileManager.default.createFile(
                    atPath: script, contents: Data(old.utf8), attributes: [.posixPermissions: 0o600]))
        }
        try reset()
        let whole = try run(fixture, script, format, inject: nil)
        #expect(whole.status == 0)
        let new = try String(contentsOfFile: script, encoding: .utf8)
        try check(folder, script, old: new, new: new, "undisturbed")
        var kills = 0
        for call in Self.calls {
            // Those before the first mention of the folder touch certificates and the loader, and are the same run after run.
            let lines = whole.log.split(separator: "\n").filter { $0.hasPrefix("\(call)(") }
            let first = call == "openat" ? (lines.firstIndex { $0.contains(fixture.root) } ?? lines.count) : 0
            for number in lines.indices.dropFirst(first) {
                try reset()
                let what = "killed at \(call) number \(number + 1)"
                let killed = try run(fixture, script, format, inject: "\(call):signal=SIGKILL:when=\(number + 1)")
                #expect(killed.log.contains("killed by SIGKILL"), "\(what)")
                try check(folder, script, old: old, new: new, what)
                kills += 1
            }
        }
        // At the least: the folder and the temporary opened, written, its mode set, flushed twice, renamed.
        #expect(kills >= 7)
    }

    /// Each call refused in turn, as a full or broken disk would.
    @Test(
        .enabled(if: strace != nil, "strace is not installed"),
        arguments: ["write:error=ENOSPC", "fchmod:error=EPERM", "fsync:error=EIO", "renameat:error=EACCES"])
    func `says so and tidies up when the disk refuses`(fault: String) throws {
        let fixture = Fixture(Fixture.server())
        let folder = "\(fixture.root)/a"
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        try "old".write(toFile: "\(folder)/file", atomically: false, encoding: .utf8)
        let parts = fault.split(separator: ":")
        // The first write to a file: those to standard error and the pipe of the name's look-up come before or after.
        let whole = try run(fixture, "\(folder)/file", "shell", inject: nil)
        let writes = whole.log.split(separator: "\n").filter { $0.hasPrefix("write(") }
        let number = parts[0] == "write" ? (writes.firstIndex { $0.contains("#!/bin/sh") } ?? 0) + 1 : 1
        try "old".write(toFile: "\(folder)/file", atomically: false, encoding: .utf8)
        let result = try run(fixture, "\(folder)/file", "shell", inject: "\(fault):when=\(number)")
        #expect(result.status == 1, "\(result.log)")
        #expect(try String(contentsOfFile: "\(folder)/file", encoding: .utf8) == "old")
        #expect(try FileManager.default.contentsOfDirectory(atPath: folder) == ["file"])
    }
}
