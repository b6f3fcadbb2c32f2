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
        configuration = try TLSConfiguration(certificate: certificate, key: key)
    }

    deinit {
        try? FileManager.default.removeItem(at: folder)  // A folder left in /tmp harms no test.
    }
}

/// Authorities and the certificates that they sign, made by the openssl command in a folder that goes with this object.
final class TestAuthority {
    let folder: URL
    var certificate: URL { folder.appending(path: "ca.pem") }

    init() async throws {
        folder = FileManager.default.temporaryDirectory.appending(path: "microhttpd-ca-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        _ = try await openssl(
            Self.request + [
                "-x509", "-days", "2", "-subj", "/CN=authority", "-keyout", path("ca-key.pem"), "-out", path("ca.pem"),
            ])
    }

    deinit {
        try? FileManager.default.removeItem(at: folder)  // A folder left in /tmp harms no test.
    }

    /// The options with which s_client presents a certificate for `usage` that ends in `days`.
    func client(usage: String = "clientAuth", days: Int = 2) async throws -> [String] {
        let pair = try await issue(usage: usage, days: days)
        return ["-cert", pair.certificate.path, "-key", pair.key.path]
    }

    /// Signs a certificate for `usage` that ends in `days`, which may be negative.
    func issue(usage: String, days: Int) async throws -> (certificate: URL, key: URL) {
        let name = UUID().uuidString
        let (key, request, certificate) = (path("\(name).key"), path("\(name).csr"), path("\(name).pem"))
        _ = try await openssl(Self.request + ["-subj", "/CN=leaf.test", "-keyout", key, "-out", request])
        try Data("extendedKeyUsage=\(usage)\n".utf8).write(to: folder.appending(path: "usage"))
        _ = try await openssl([
            "x509", "-req", "-in", request, "-CA", path("ca.pem"), "-CAkey", path("ca-key.pem"), "-CAcreateserial",
            "-extfile", path("usage"), "-days", "\(days)", "-out", certificate,
        ])
        return (URL(filePath: certificate), URL(filePath: key))
    }

    private func path(_ name: String) -> String { folder.appending(path: name).path }

    private static let request = [
        "req", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes",
    ]
}

extension TLSConfiguration {
    /// The pair in two files.
    init(certificate: URL, key: URL) throws {
        self.init(
            certificatePEM: Array(try Data(contentsOf: certificate)),
            privateKeyPEM: Secret(Array(try Data(contentsOf: key)).span))
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
