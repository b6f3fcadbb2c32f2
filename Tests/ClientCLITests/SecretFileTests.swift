import ClientHTTP
import Foundation
import Secrets
import Testing

@testable import ClientCLI

/// Serialized, because the umask is the process's.
@Suite(.serialized) final class SecretFileTests {
    private let root = FileManager.default.temporaryDirectory.appending(path: "secret-file-\(UUID().uuidString)").path

    init() throws { try FileManager.default.createDirectory(atPath: root, withIntermediateDirectories: false) }

    deinit { try? FileManager.default.removeItem(atPath: root) }

    private func permissions(_ path: String) throws -> Int {
        let attributes = try FileManager.default.attributesOfItem(atPath: "\(root)/\(path)")
        return try #require(attributes[.posixPermissions] as? Int)
    }

    private func names(_ path: String) throws -> [String] {
        try FileManager.default.contentsOfDirectory(atPath: "\(root)/\(path)").sorted()
    }

    private func write(_ content: String, to path: String, mode: FileMode = .ownerOnly) throws {
        try SecretFile(path: "\(root)/\(path)", mode: mode).write(Secret(content))
    }

    @Test(arguments: [0o000, 0o022, 0o777] as [mode_t]) func `sets the modes whatever the umask`(mask: mode_t) throws {
        let before = umask(mask)
        defer { umask(before) }
        // A umask that hides the folder from its owner stops only those who are not root.
        guard mask != 0o777 || getuid() == 0 else { return }
        try write("x", to: "a/b/file")
        try write("x", to: "a/b/shared", mode: #require(FileMode(parsing: "0644")))
        #expect(try permissions("a/b/file") == 0o600)
        #expect(try permissions("a/b/shared") == 0o644)
        #expect(try permissions("a/b") == 0o700 & ~Int(mask))
        #expect(try names("a/b") == ["file", "shared"])
    }

    @Test func `replaces a file and leaves nothing beside it`() throws {
        try "old and longer".write(toFile: "\(root)/file", atomically: false, encoding: .utf8)
        try FileManager.default.setAttributes([.posixPermissions: 0o666], ofItemAtPath: "\(root)/file")
        try write("new", to: "file")
        #expect(try String(contentsOfFile: "\(root)/file", encoding: .utf8) == "new")
        #expect(try permissions("file") == 0o600)
        #expect(try names("") == ["file"])
    }

    @Test(arguments: [true, false]) func `replaces a symbolic link and does not follow it`(targetExists: Bool) throws {
        if targetExists { try "theirs".write(toFile: "\(root)/target", atomically: false, encoding: .utf8) }
        try FileManager.default.createSymbolicLink(atPath: "\(root)/file", withDestinationPath: "\(root)/target")
        try write("ours", to: "file")
        #expect((try? String(contentsOfFile: "\(root)/target", encoding: .utf8)) == (targetExists ? "theirs" : nil))
        #expect(
            try FileManager.default.attributesOfItem(atPath: "\(root)/file")[.type] as? FileAttributeType
                == .typeRegular)
    }

    @Test func `does not write into a file that others hold open`() throws {
        try "old".write(toFile: "\(root)/file", atomically: false, encoding: .utf8)
        let reader = try #require(FileHandle(forReadingAtPath: "\(root)/file"))
        try write("new", to: "file")
        #expect(try reader.readToEnd() == Data("old".utf8))
    }

    @Test func `keeps the modes of folders that exist`() throws {
        try FileManager.default.createDirectory(
            atPath: "\(root)/open", withIntermediateDirectories: false, attributes: [.posixPermissions: 0o755])
        try write("x", to: "open/file")
        #expect(try permissions("open") == 0o755)
    }

    @Test(arguments: ["link/file", "link/below/file"]) func `makes nothing behind a link that leads nowhere`(
        path: String
    )
        throws
    {
        try FileManager.default.createSymbolicLink(atPath: "\(root)/link", withDestinationPath: "\(root)/target")
        #expect(throws: SecretFileError.self) { try write("x", to: path) }
        #expect(try names("") == ["link"])
    }

    @Test func `takes slashes as they come`() throws {
        try write("x", to: "a//b///file")
        #expect(try names("a/b") == ["file"])
    }

    @Test func `updates of many threads at once lose nothing`() async throws {
        let path = "\(root)/file"
        await withTaskGroup { group in
            for number in 0..<20 {
                group.addTask {
                    #expect(throws: Never.self) {
                        try SecretFile(path: path, mode: .ownerOnly).update(
                            until: .after(.seconds(60)), pause: ClientEnvironment.sleep
                        ) { old in
                            let text = old?.withBytes { bytes in bytes.indices.map { bytes[$0] } } ?? []
                            return Secret((text + Array("\(number) ".utf8)).span)
                        }
                    }
                }
            }
        }
        let numbers = try String(contentsOfFile: path, encoding: .utf8).split(separator: " ").compactMap { Int($0) }
        #expect(numbers.sorted() == Array(0..<20))
    }

    @Test func `gives up an update at its deadline while another program holds the lock`() throws {
        let holder = try Folder.open(making: root)
        #expect(flock(holder.descriptor, LOCK_EX) == 0)
        let file = SecretFile(path: "\(root)/file", mode: .ownerOnly)
        let failure = SecretFileError(
            step: "lock the folder \(root)", reason: "another program held it until timeout had passed")
        #expect(throws: failure) {
            try file.update(until: .after(.zero), pause: { _ in }) { _ in Secret("x") }
        }
        #expect(try names("").isEmpty)
        // Given back while it waits, it is taken.
        try file.update(until: .after(.seconds(60)), pause: { _ in flock(holder.descriptor, LOCK_UN) }) { _ in
            Secret("x")
        }
        #expect(try names("") == ["file"])
    }

    @Test func `says that the folder is a file`() throws {
        try write("x", to: "file")
        #expect(throws: SecretFileError(step: "open the folder \(root)/file/below", reason: "Not a directory")) {
            try write("x", to: "file/below/file")
        }
    }

    @Test func `leaves nothing behind when it cannot put the file in place`() throws {
        try FileManager.default.createDirectory(atPath: "\(root)/file/full", withIntermediateDirectories: true)
        #expect(throws: SecretFileError(step: "put the file in place", reason: "Is a directory")) {
            try write("x", to: "file")
        }
        #expect(try names("") == ["file"])
    }
}
