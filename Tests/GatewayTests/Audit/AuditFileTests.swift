import Foundation
import Glibc
import Testing

@testable import Gateway

/// Files and pipes, real ones.
struct AuditFileTests {
    private let folder: TemporaryFolder

    init() throws { folder = try TemporaryFolder() }

    @Test func `makes a file that only its owner reads, and appends to it`() throws {
        let line = #"{"v":1,"outcome":"allowed","replica":"r","sequence":7}"# + "\n"
        for _ in 0..<2 {
            let sink = try AuditFile(folder.file("audit.log"))
            #expect(sink.durability == .flushed)
            try sink.append(Array(line.utf8))
        }
        #expect(try folder.text("audit.log") == line + line)
        let mode = try FileManager.default.attributesOfItem(atPath: folder.file("audit.log"))[.posixPermissions] as? Int
        #expect(mode == 0o600)
    }

    @Test func `refuses a link, a folder, a pipe and a path that leads nowhere, by name`() throws {
        try folder.write("", to: "real")
        try FileManager.default.createSymbolicLink(
            atPath: folder.file("link"), withDestinationPath: folder.file("real"))
        #expect(unsafe mkfifo(folder.file("pipe"), 0o600) == 0)
        for name in ["link", "", "pipe", "missing/audit.log"] {
            let error = #expect(throws: AuditSinkError.self) { try AuditFile(folder.file(name)) }
            #expect(error?.description.contains(folder.file(name)) == true)
        }
    }

    /// A pipe takes 64 KiB and then no more: a write that stops inside a line, as on a disk that fills up.
    @Test func `says how much was taken of a write that stopped`() throws {
        let pipe = Pipe()
        let (reader, writer) = (pipe.fileHandleForReading.fileDescriptor, pipe.fileHandleForWriting.fileDescriptor)
        #expect(fcntl(writer, F_SETFL, O_NONBLOCK) == 0)
        let sink = StandardOutputSink(descriptor: writer)
        let error = #expect(throws: AuditSinkError.self) { try sink.append([UInt8](repeating: 0x61, count: 100_000)) }
        #expect(error?.taken == 65_536 && drain(reader).utf8.count == 65_536)
        #expect(error?.description == "cannot write to standard output: Resource temporarily unavailable")
        try pipe.fileHandleForReading.close()
        try pipe.fileHandleForWriting.close()
    }

    @Test(.enabled(if: FileManager.default.isWritableFile(atPath: "/dev/full"), "there is no /dev/full"))
    func `a full disk is a failure that names the sink`() throws {
        let descriptor = unsafe open("/dev/full", O_WRONLY | O_CLOEXEC)
        defer { close(descriptor) }
        let sink = StandardOutputSink(descriptor: descriptor)
        let error = #expect(throws: AuditSinkError.self) { try sink.append(Array("line\n".utf8)) }
        #expect(error?.description == "cannot write to standard output: No space left on device" && error?.taken == 0)
    }

    @Test func `a file has one writer`() throws {
        let first = try AuditFile(folder.file("audit.log"))
        let error = #expect(throws: AuditSinkError.self) { try AuditFile(folder.file("audit.log")) }
        #expect(error?.description.contains("another process writes the audit file") == true)
        withExtendedLifetime(first) {}
    }

    @Test func `refuses a file of something else, by name`() throws {
        try folder.write("127.0.0.1 - GET /\n", to: "access.log")
        let error = #expect(throws: AuditSinkError.self) { try AuditFile(folder.file("access.log")) }
        #expect(error?.description.contains("access.log does not end in lines of an audit: move it away") == true)
        #expect(try folder.text("access.log") == "127.0.0.1 - GET /\n")
    }

    @Test(arguments: ["renamed", "removed", "cut"])
    func `goes on in a new file when its own was`(_ fate: String) throws {
        let path = folder.file("audit.log")
        let sink = try AuditFile(path)
        #expect(try sink.prepare() == AuditTail())
        try sink.append(Array("one\n".utf8))
        #expect(try sink.prepare() == nil)
        switch fate {
        case "renamed": try FileManager.default.moveItem(atPath: path, toPath: path + ".1")
        case "removed": try FileManager.default.removeItem(atPath: path)
        default: #expect(unsafe truncate(path, 0) == 0)
        }
        #expect(try sink.prepare() == AuditTail())
        #expect(try sink.prepare() == nil)
        try sink.append(Array("two\n".utf8))
        #expect(try folder.text("audit.log") == "two\n")
        if fate == "renamed" { #expect(try folder.text("audit.log.1") == "one\n") }
    }

    @Test func `a folder that vanished is a failure, and its return the end of it`() throws {
        try FileManager.default.createDirectory(atPath: folder.file("logs"), withIntermediateDirectories: false)
        let sink = try AuditFile(folder.file("logs/audit.log"))
        _ = try sink.prepare()
        try FileManager.default.removeItem(atPath: folder.file("logs"))
        let error = #expect(throws: AuditSinkError.self) { try sink.prepare() }
        #expect(error?.description.contains("logs/audit.log: No such file or directory") == true)
        try FileManager.default.createDirectory(atPath: folder.file("logs"), withIntermediateDirectories: false)
        #expect(try sink.prepare() == AuditTail())
    }

    /// What a pipe holds now.
    private func drain(_ descriptor: Int32) -> String {
        _ = fcntl(descriptor, F_SETFL, O_NONBLOCK)
        var all: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 65_536)
        while true {
            let count = unsafe read(descriptor, &buffer, buffer.count)
            guard count > 0 else { return String(decoding: all, as: UTF8.self) }
            all += buffer[..<count]
        }
    }
}
