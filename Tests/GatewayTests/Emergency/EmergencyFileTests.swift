import Foundation
import Testing

@testable import Gateway

/// What counts as an emergency file, and as none.
struct EmergencyFileTests {
    private let folder: TemporaryFolder
    private var file: EmergencyFile { EmergencyFile(path: folder.file("emergency.yaml")) }

    init() throws { folder = try TemporaryFolder() }

    @Test func `that there is none is the usual state, before and after one`() throws {
        try file.check()
        #expect(file.read() == .absent)
        try folder.write("version: 1\ndeny: all\n", to: "emergency.yaml")
        #expect(file.read() == .bytes(Array("version: 1\ndeny: all\n".utf8)))
        try FileManager.default.removeItem(atPath: file.path)
        #expect(file.read() == .absent)
    }

    @Test func `a folder that is not there is a fault of the start, and unreadable later`() {
        let lost = EmergencyFile(path: folder.file("lost/emergency.yaml"))
        let failure = #expect(throws: StartFailure.self) { try lost.check() }
        #expect(failure?.description.contains("the file would never be seen") == true)
        guard case .unreadable(let cause) = lost.read() else {
            Issue.record("\(lost.read())")
            return
        }
        #expect(cause.contains("its folder is not there"))
    }

    @Test func `a ConfigMap's link whose target is gone is no file`() throws {
        try FileManager.default.createSymbolicLink(atPath: file.path, withDestinationPath: "..data/emergency.yaml")
        #expect(file.read() == .absent)
    }

    @Test func `who else may write it does not matter`() throws {
        try folder.write("version: 1\nrules: []\n", to: "emergency.yaml")
        try FileManager.default.setAttributes([.posixPermissions: 0o666], ofItemAtPath: file.path)
        #expect(file.read() == .bytes(Array("version: 1\nrules: []\n".utf8)))
    }

    @Test func `what is no file, or too large, cannot be read, and stops everything`() throws {
        try FileManager.default.createDirectory(atPath: file.path, withIntermediateDirectories: false)
        try Self.expectStop(file.read(), "is not a regular file")
        try FileManager.default.removeItem(atPath: file.path)
        try folder.write(String(repeating: "#", count: EmergencyContent.maximumSize + 1), to: "emergency.yaml")
        try Self.expectStop(file.read(), "is over 65536 bytes")
    }

    @Test(arguments: [
        "", "\u{FEFF}", "# a comment\n", "deny", "version: 1\nrules:\n  - {name", "version: 1\n---\nversion: 1\n",
    ])
    func `what is no document stops everything`(text: String) throws {
        try folder.write(text, to: "emergency.yaml")
        let reading = EmergencyReading(file.read(), named: file.name)
        #expect(reading.stopsEverything && reading.word == "faulty" && reading.cause?.isEmpty == false)
        #expect(throws: StartFailure.self) { try file.checkContent() }
    }

    private static func expectStop(_ content: EmergencyContent, _ words: String) throws {
        let reading = EmergencyReading(content, named: "emergency.yaml")
        #expect(reading.stopsEverything && reading.cause?.contains(words) == true, "\(reading)")
    }
}
