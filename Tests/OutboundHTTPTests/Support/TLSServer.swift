import Foundation
import Glibc
import Testing

/// Certificates made by the openssl command: a private authority, and server certificates it signed.
struct TestAuthority {
    let folder: String

    var certificate: String { folder + "/ca.pem" }

    init() async throws {
        folder = NSTemporaryDirectory() + "outbound-tls-\(UUID().uuidString)"
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        let key = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes"]
        try await openssl(
            ["req", "-x509"] + key + [
                "-subj", "/CN=Test Authority", "-days", "2", "-keyout", folder + "/ca.key", "-out", certificate,
            ])
    }

    /// Signs a certificate for `names`, such as `DNS:localhost,IP:127.0.0.1`; the PEM file holds its key too.
    func issue(_ names: String, days: Int = 2) async throws -> String {
        let base = folder + "/\(UUID().uuidString)"
        try "subjectAltName=\(names)\n".write(toFile: base + ".ext", atomically: true, encoding: .utf8)
        try await openssl([
            "req", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-subj", "/CN=server",
            "-keyout", base + ".key", "-out", base + ".csr",
        ])
        try await openssl([
            "x509", "-req", "-in", base + ".csr", "-CA", certificate, "-CAkey", folder + "/ca.key", "-CAcreateserial",
            "-days", "\(days)", "-extfile", base + ".ext", "-out", base + ".crt",
        ])
        let pem =
            try String(contentsOfFile: base + ".crt", encoding: .utf8)
            + String(contentsOfFile: base + ".key", encoding: .utf8)
        try pem.write(toFile: base + ".pem", atomically: true, encoding: .utf8)
        return base + ".pem"
    }

    func remove() {
        // A leftover in the temporary folder harms nobody.
        try? FileManager.default.removeItem(atPath: folder)
    }
}

/// `openssl s_server` on a free loopback port. It answers each GET with a status page over TLS, or `byHand` with what `write` says.
final class TLSServer {
    let port: Int
    private let process: Process
    private let input = Pipe()
    private let output = Pipe()

    init(certificate: String, byHand: Bool = false, options: [String] = []) async throws {
        process = Process()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/openssl")
        process.arguments =
            ["s_server", "-accept", "127.0.0.1:0", "-cert", certificate] + (byHand ? [] : ["-www"]) + options
        process.standardInput = input
        let output = output
        process.standardOutput = output
        process.standardError = FileHandle.nullDevice
        try process.run()
        // "ACCEPT 127.0.0.1:40123" says that it listens, and where. Read on a thread: the task pool must not block.
        let line = try await onThread { () -> String in
            var text = ""
            while !text.contains("ACCEPT") || !text.hasSuffix("\n") {
                let more = output.fileHandleForReading.availableData
                if more.isEmpty { break }
                text += String(decoding: more, as: UTF8.self)
            }
            return text
        }
        let digits = line.split(separator: "ACCEPT").last?.split(separator: ":").last?.prefix { $0.isNumber } ?? ""
        guard let port = Int(digits) else { throw SocketError(call: "openssl s_server: \(line)") }
        self.port = port
    }

    /// Sends `text`; a line `k` is a command of s_server, which renews the keys of its side.
    func write(_ text: String) throws { try input.fileHandleForWriting.write(contentsOf: Data(text.utf8)) }

    /// Waits until the server has printed `word`, such as what came in, and gives all that it printed since the last time.
    func await(_ word: String) async throws -> String {
        let output = output
        return try await onThread {
            var text = ""
            while !text.contains(word) {
                let more = output.fileHandleForReading.availableData
                if more.isEmpty { throw SocketError(call: "openssl s_server ended: \(text)") }
                text += String(decoding: more, as: UTF8.self)
            }
            return text
        }
    }

    /// Ends the server, by its own process id.
    func stop() {
        process.terminate()
    }
}

private func openssl(_ arguments: [String]) async throws {
    let status = try await onThread {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/openssl")
        process.arguments = arguments
        process.standardOutput = FileHandle.nullDevice
        process.standardError = FileHandle.nullDevice
        try process.run()
        process.waitUntilExit()
        return process.terminationStatus
    }
    try #require(status == 0, "openssl \(arguments[0])")
}

/// Runs blocking work on a thread of its own.
func onThread<Result: Sendable>(_ body: @escaping @Sendable () throws -> Result) async throws -> Result {
    try await withCheckedThrowingContinuation { continuation in
        let thread = Thread { continuation.resume(with: Swift.Result { try body() }) }
        thread.start()
    }
}
