import Foundation
import MicroHTTPD
import Secrets

/// A self-signed certificate made by the openssl command, in a folder that goes with this object.
final class TestCertificate {
    let configuration: TLSConfiguration
    let folder: URL

    /// A certificate whose subject's common name is `name`.
    init(name: String) async throws {
        folder = FileManager.default.temporaryDirectory.appending(path: "microhttpd-tls-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        let (key, certificate) = (folder.appending(path: "key.pem"), folder.appending(path: "cert.pem"))
        _ = try await openssl([
            "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days", "2",
            "-subj", "/CN=\(name)", "-keyout", key.path, "-out", certificate.path,
        ])
        configuration = TLSConfiguration(
            certificatePEM: Array(try Data(contentsOf: certificate)),
            privateKeyPEM: Secret(Array(try Data(contentsOf: key)).span))
    }

    deinit {
        try? FileManager.default.removeItem(at: folder)  // A folder left in /tmp harms no test.
    }
}

/// Runs the openssl command with `input` on its standard input, and gives all that it wrote.
func openssl(_ arguments: [String], input: String = "") async throws -> String {
    try await onOwnThread {
        let process = Process()
        let (stdin, output) = (Pipe(), Pipe())
        process.executableURL = URL(filePath: "/usr/bin/openssl")
        process.arguments = arguments
        process.standardInput = stdin
        process.standardOutput = output
        process.standardError = output
        try process.run()
        try stdin.fileHandleForWriting.write(contentsOf: Data(input.utf8))
        try stdin.fileHandleForWriting.close()
        let written = try output.fileHandleForReading.readToEnd() ?? Data()
        process.waitUntilExit()
        return String(decoding: written, as: UTF8.self)
    }
}
