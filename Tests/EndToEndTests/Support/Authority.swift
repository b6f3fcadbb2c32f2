import Foundation

/// A private certificate authority, made by the openssl command in a folder of the scene.
struct Authority: Sendable {
    let folder: URL
    var certificate: URL { folder.appending(path: "ca.pem") }
    /// The server's chain and key, for 127.0.0.1, and for 0.0.0.0, which is this machine to a proxy on it.
    var server: URL { folder.appending(path: "server.pem") }
    var key: URL { folder.appending(path: "server-key.pem") }

    fileprivate static let script = """
        openssl req -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -x509 -days 2 -subj "/CN=$1" -addext keyUsage=critical,keyCertSign \
            -keyout ca-key.pem -out ca.pem
        """

    fileprivate static let issueScript = """
        case $4 in ec) kind="ec -pkeyopt ec_paramgen_curve:prime256v1" ;; *) kind=$4 ;; esac
        openssl req -newkey $kind -nodes -subj "/CN=$1" -keyout "$1-key.pem" -out "$1.csr"
        printf '%s\\n' "extendedKeyUsage=$2" subjectAltName=DNS:localhost,IP:127.0.0.1,IP:0.0.0.0 basicConstraints=CA:FALSE \\
            authorityKeyIdentifier=keyid subjectKeyIdentifier=hash >"$1.ext"
        openssl x509 -req -in "$1.csr" -CA ca.pem -CAkey ca-key.pem -CAcreateserial -extfile "$1.ext" -days "$3" -out "$1.pem"
        """
}

/// A certificate of an authority, and its key.
struct Leaf: Sendable {
    let certificate: URL
    let key: URL
}

extension Scene {
    /// Makes an authority and a server's certificate of it.
    func authority(_ name: String) async throws -> Authority {
        let authority = Authority(folder: file(name))
        try FileManager.default.createDirectory(at: authority.folder, withIntermediateDirectories: false)
        try await openssl(Authority.script, in: authority.folder, [name])
        _ = try await leaf(of: authority, "server")
        return authority
    }

    /// Makes a certificate of `authority` for localhost and 127.0.0.1. One of fewer than 0 days has expired. `key` is
    /// `ec` or what openssl's `-newkey` takes.
    func leaf(
        of authority: Authority, _ name: String, usage: String = "serverAuth", days: Int = 2, key: String = "ec"
    ) async throws -> Leaf {
        try await openssl(Authority.issueScript, in: authority.folder, [name, usage, "\(days)", key])
        return Leaf(
            certificate: authority.folder.appending(path: "\(name).pem"),
            key: authority.folder.appending(path: "\(name)-key.pem"))
    }

    private func openssl(_ script: String, in folder: URL, _ arguments: [String]) async throws {
        let made = try await run(
            URL(filePath: "/bin/sh"), ["-euc", "cd \"$0\"; \(script)", folder.path] + arguments, name: "openssl")
        guard made.status == 0 else { throw Unexpected("openssl: \(made.errors)") }
    }
}
