import ExchangeCore
import Foundation
import Glibc
import StrictJSON
import TestSupport
import Testing

@testable import Gateway

/// What is taken for a private key's file, and what is refused in which words.
struct KeyFilesTests {
    private static let time = Timestamp(seconds: 1_767_225_845)

    @Test func `the name says when the key was made known`() throws {
        let name = KeyFileName(madeAt: Self.time, signsAtOnce: false)
        #expect(name.text == "issuer-20260101T000405Z.pem")
        #expect(KeyFileName(parsing: name.text) == name)
        let atOnce = KeyFileName(madeAt: Self.time, signsAtOnce: true)
        #expect(atOnce.text == "issuer-20260101T000405Z-at-once.pem" && KeyFileName(parsing: atOnce.text) == atOnce)
        #expect(KeyFileName(parsing: "20260101T000405Z.pem")?.madeAt == Self.time)
        #expect(KeyFileName(parsing: "team-a-20260101T000405Z.pem")?.madeAt == Self.time)
    }

    @Test(arguments: [
        "issuer.pem", "issuer-20260101T000405Z.key", "issuer-20261301T000405Z.pem", "issuer-20260101T000405.pem",
        "issuer20260101T000405Z.pem", "issuer-20260101 000405Z.pem", "issuer-20260101T000405z-soon.pem", ".pem",
        "issuer-20260101T000405+.pem",
    ])
    func `another name says nothing`(name: String) { #expect(KeyFileName(parsing: name) == nil) }

    @Test func `reads a folder, oldest first, and leaves what is no key alone`() throws {
        let keys = try KeyFolder()
        let young = try keys.add(madeAt: Self.time + .seconds(60))
        let old = try keys.add(try SigningKey(for: .rs256), madeAt: Self.time)
        try keys.folder.write("not a key", to: "README")
        #expect(try keys.files.load().keys.map(\.key.keyID) == [old.key.keyID, young.key.keyID])
        let one = KeyFiles(path: keys.folder.file(young.name.text))
        #expect(try one.load().keys.map(\.key.keyID) == [young.key.keyID])
    }

    @Test func `reads a mounted secret, whose files are links through another`() throws {
        let keys = try KeyFolder()
        let manager = FileManager.default
        try manager.createDirectory(atPath: keys.path + "/..2026_01_01", withIntermediateDirectories: false)
        let known = try keys.add(madeAt: Self.time)
        let name = known.name.text
        try manager.moveItem(atPath: keys.folder.file(name), toPath: keys.path + "/..2026_01_01/" + name)
        try manager.createSymbolicLink(atPath: keys.path + "/..data", withDestinationPath: "..2026_01_01")
        try manager.createSymbolicLink(atPath: keys.folder.file(name), withDestinationPath: "..data/" + name)
        #expect(try keys.files.load().keys.map(\.key.keyID) == [known.key.keyID])
    }

    @Test(arguments: [
        (0o604, "by everybody"), (0o602, "by everybody"), (0o620, "written by its group"), (0o640, "read by its group"),
    ])
    func `a file that others can get at is refused`(mode: Int, words: String) throws {
        let keys = try KeyFolder()
        let known = try keys.add(madeAt: Self.time)
        try keys.setMode(mode, of: known.name.text)
        let fault = fault(keys.files)
        #expect(fault.contains(words) && fault.contains("chmod 600") && fault.contains(known.name.text), "\(fault)")
    }

    @Test func `the group may read, where the settings say so, and never more`() throws {
        let keys = try KeyFolder()
        let known = try keys.add(madeAt: Self.time)
        let files = KeyFiles(path: keys.path, allowsGroup: true)
        try keys.setMode(0o440, of: known.name.text)
        #expect(try files.load().keys.count == 1)
        #expect(fault(keys.files).contains("issuer_keys_group_readable"))
        for mode in [0o460, 0o444, 0o461] {
            try keys.setMode(mode, of: known.name.text)
            #expect(fault(files).contains("chmod 600"))
        }
    }

    @Test func `every fault is told at once, with the remedy and without the content`() throws {
        let keys = try KeyFolder()
        let known = try keys.add(madeAt: Self.time)
        try keys.add(known.key, madeAt: Self.time + .seconds(1))
        try keys.add(SigningKey(), madeAt: Self.time + .seconds(2))
        for (name, text) in [
            ("issuer-20260101T000410Z.pem", "-----BEGIN PRIVATE KEY-----\nCANARY\n-----END PRIVATE KEY-----"),
            ("issuer-20260101T000411Z.pem", "CANARY"), ("issuer.pem", "CANARY"),
        ] {
            try keys.folder.write(text, to: name)
            try keys.setMode(0o600, of: name)
        }
        try FileManager.default.createDirectory(
            atPath: keys.folder.file("issuer-20260101T000412Z.pem"), withIntermediateDirectories: false)
        // Without a reader the opening of a pipe would wait for ever.
        let pipe = unsafe mkfifo(keys.folder.file("issuer-20260101T000413Z.pem"), 0o600)
        #expect(pipe == 0)
        let fault = fault(keys.files)
        #expect(fault.split(separator: "\n").count == 6, "\(fault)")
        for words in [
            "000410Z.pem holds no private key of curve P-256 or RSA", "000411Z.pem holds no private key in PEM",
            "issuer.pem says by its name no time", "000412Z.pem is not a regular file",
            "000413Z.pem is not a regular file", "000406Z.pem holds the same key as issuer-20260101T000405Z.pem",
        ] { #expect(fault.contains(words), "\(words) is not in \(fault)") }
        #expect(!fault.contains("CANARY"))
    }

    @Test func `without a key, or a folder, the remedy is a command`() throws {
        let keys = try KeyFolder()
        #expect(try keys.files.load().keys.isEmpty)
        let none = #expect(throws: StartFailure.self) { try keys.files.loadSome() }
        #expect(none?.description.contains("issuer new-key \(keys.path)") == true)
        #expect(fault(KeyFiles(path: keys.folder.file("none"))).contains("issuer new-key"))
    }

    private func fault(_ files: KeyFiles) -> String {
        do throws(StartFailure) {
            _ = try files.load()
            return "none"
        } catch {
            return error.description
        }
    }
}
