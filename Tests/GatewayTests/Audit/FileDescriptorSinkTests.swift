import Foundation
import Glibc
import Testing

@testable import Gateway

/// Files and pipes, real ones.
struct FileDescriptorSinkTests {
    private let folder: TemporaryFolder

    init() throws { folder = try TemporaryFolder() }

    @Test func `makes a file that only its owner reads, and appends to it`() throws {
        for line in ["one\n", "two\n"] {
            let sink = try FileDescriptorSink.file(folder.file("audit.log"))
            #expect(sink.durability == .flushed)
            try sink.append(Array(line.utf8))
        }
        #expect(try folder.text("audit.log") == "one\ntwo\n")
        let mode = try FileManager.default.attributesOfItem(atPath: folder.file("audit.log"))[.posixPermissions] as? Int
        #expect(mode == 0o600)
    }

    @Test func `leaves a torn last line alone`() throws {
        try folder.write("whole\nto", to: "audit.log")
        let sink = try FileDescriptorSink.file(folder.file("audit.log"))
        try sink.append(Array("new\n".utf8))
        try sink.append(Array("newer\n".utf8))
        #expect(try folder.text("audit.log") == "whole\nto\nnew\nnewer\n")
    }

    @Test func `refuses a link, a folder, a pipe and a path that leads nowhere, by name`() throws {
        try folder.write("", to: "real")
        try FileManager.default.createSymbolicLink(
            atPath: folder.file("link"), withDestinationPath: folder.file("real"))
        #expect(unsafe mkfifo(folder.file("pipe"), 0o600) == 0)
        for name in ["link", "", "pipe", "missing/audit.log"] {
            let error = #expect(throws: AuditSinkError.self) { try FileDescriptorSink.file(folder.file(name)) }
            #expect(error?.description.contains(folder.file(name)) == true)
        }
    }

    /// A pipe takes 64 KiB and then no more: a write that stops inside a line, as on a disk that fills up.
    @Test func `begins a new line after a write that stopped inside one`() throws {
        let pipe = Pipe()
        let (reader, writer) = (pipe.fileHandleForReading.fileDescriptor, pipe.fileHandleForWriting.fileDescriptor)
        #expect(fcntl(writer, F_SETFL, O_NONBLOCK) == 0)
        let sink = FileDescriptorSink(descriptor: writer, name: "the pipe", durability: .written)
        let error = #expect(throws: AuditSinkError.self) {
            try sink.append(Array("whole\n".utf8) + [UInt8](repeating: 0x61, count: 100_000) + Array("\n".utf8))
        }
        #expect(error?.description.contains("the pipe") == true)
        // Still full: nothing was taken, the line stays torn.
        #expect(throws: AuditSinkError.self) { try sink.append(Array("lost\n".utf8)) }
        let torn = drain(reader)
        #expect(torn.hasPrefix("whole\naaa") && torn.hasSuffix("aaa"))
        try sink.append(Array("good\n".utf8))
        try sink.append(Array("better\n".utf8))
        #expect(drain(reader) == "\ngood\nbetter\n")
        try pipe.fileHandleForReading.close()
        try pipe.fileHandleForWriting.close()
    }

    @Test(.enabled(if: FileManager.default.isWritableFile(atPath: "/dev/full"), "there is no /dev/full"))
    func `a full disk is a failure that names the sink`() throws {
        let descriptor = unsafe open("/dev/full", O_WRONLY | O_CLOEXEC)
        defer { close(descriptor) }
        let sink = FileDescriptorSink(descriptor: descriptor, name: "the disk", durability: .written)
        let error = #expect(throws: AuditSinkError.self) { try sink.append(Array("line\n".utf8)) }
        #expect(error?.description == "cannot write to the disk: No space left on device")
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
