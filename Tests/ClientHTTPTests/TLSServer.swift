import Foundation
import Testing

/// `openssl s_server` on loopback, which answers `GET /answer` with the bytes of a file.
final class TLSServer {
    let port: UInt16
    private let process = Process()

    /// Serves with the certificate named `certificate` of `Certificates`; `options` go to the command.
    init(_ certificate: String, answer: String, address: String = "127.0.0.1", options: [String] = []) throws {
        let folder = try Certificates.made.get().appending(path: "served-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: false)
        try answer.write(to: folder.appending(path: "answer"), atomically: false, encoding: .utf8)
        let output = Pipe()
        process.executableURL = URL(filePath: "/usr/bin/openssl")
        process.currentDirectoryURL = folder
        process.arguments =
            ["s_server", "-accept", "\(address):0", "-HTTP", "-cert", "../\(certificate).pem", "-key", "../key.pem"]
            + options
        process.standardOutput = output
        process.standardError = FileHandle.nullDevice
        process.standardInput = FileHandle.nullDevice
        try process.run()
        port = try #require(Self.port(announcedOn: output.fileHandleForReading, address))
    }

    // Not terminate(): a child of a test's thread inherits its blocked signals, SIGTERM among them.
    deinit { kill(process.processIdentifier, SIGKILL) }

    /// s_server prints `ACCEPT <address>:<port>` once it listens.
    private static func port(announcedOn handle: FileHandle, _ address: String) -> UInt16? {
        var text = ""
        while true {
            let more = handle.availableData
            guard !more.isEmpty else { return nil }
            text += String(decoding: more, as: UTF8.self)
            guard let start = text.range(of: "ACCEPT \(address):"),
                let end = text[start.upperBound...].firstIndex(of: "\n")
            else { continue }
            return UInt16(text[start.upperBound..<end])
        }
    }
}

/// An authority and certificates of several kinds, all with one key, made once a run by the openssl command.
enum Certificates {
    static let made = Result { try make() }

    static func path(_ name: String) throws -> String { try made.get().appending(path: name + ".pem").path }

    private static func make() throws -> URL {
        let folder = FileManager.default.temporaryDirectory.appending(path: "client-tls-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: false)
        let script = """
            set -e
            openssl ecparam -name prime256v1 -genkey -noout -out key.pem
            openssl req -x509 -new -key key.pem -subj /CN=authority -days 2 -out ca.pem
            openssl ecparam -name prime256v1 -genkey -noout -out other-key.pem
            openssl req -x509 -new -key other-key.pem -subj /CN=other -days 2 -out other-ca.pem
            issue() { # name, subjectAltName, days
              openssl req -new -key key.pem -subj /CN=server -out $1.csr
              printf 'subjectAltName=%s\\n' "$2" > $1.ext
              openssl x509 -req -in $1.csr -CA ca.pem -CAkey key.pem -CAcreateserial \\
                -extfile $1.ext -days $3 -out $1.pem
            }
            issue good DNS:localhost,IP:127.0.0.1,IP:::1,IP:0.0.0.0 2
            issue name-only DNS:localhost 2
            issue other-name DNS:gateway.example 2
            issue expired DNS:localhost,IP:127.0.0.1 -1
            printf junk > junk.pem
            """
        let process = Process()
        process.executableURL = URL(filePath: "/bin/sh")
        process.arguments = ["-c", script]
        process.currentDirectoryURL = folder
        process.standardError = FileHandle.nullDevice
        process.standardOutput = FileHandle.nullDevice
        try process.run()
        process.waitUntilExit()
        try #require(process.terminationStatus == 0, "the openssl command could not make certificates")
        return folder
    }
}
