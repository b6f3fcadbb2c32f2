import Foundation
import Glibc
import Testing

@testable import Gateway

/// Files that others read while they are replaced: where the gateway listens, what a probe found.
struct WholeFileTests {
    @Test func `appears whole, replaces an older one, and leaves nothing else`() throws {
        let folder = try TemporaryFolder()
        let file = WholeFile(purpose: "ready file", path: folder.file("ready.json"))
        try file.write(Array("one".utf8))
        // A link to the first keeps its content: the second is another file, put in its place.
        #expect(unsafe link(folder.file("ready.json"), folder.file("first.json")) == 0)
        try file.write(Array("two, longer".utf8))
        #expect(try folder.text("ready.json") == "two, longer" && folder.text("first.json") == "one")
        #expect(try folder.names == ["first.json", "ready.json"])
    }

    @Test func `is not stopped by what a killed process left`() throws {
        let folder = try TemporaryFolder()
        try folder.write("a longer text, half writ", to: "ready.json.\(getpid())")
        try WholeFile(purpose: "ready file", path: folder.file("ready.json")).write(Array("new".utf8))
        #expect(try folder.text("ready.json") == "new" && folder.names == ["ready.json"])
    }

    @Test func `says which file cannot be written`() throws {
        let folder = try TemporaryFolder()
        let path = folder.file("missing/ready.json")
        let error = #expect(throws: StartFailure.self) { try WholeFile(purpose: "ready file", path: path).write([]) }
        #expect(error?.description == "cannot write the ready file \(path): No such file or directory")
    }
}
