import Foundation

/// A folder as Kubernetes mounts a secret: the files are links through `..data`, which one rename swaps.
struct MountedSecret: Sendable {
    let folder: URL
    var certificate: URL { folder.appending(path: "tls.crt") }
    var key: URL { folder.appending(path: "tls.key") }

    /// The settings of a gateway that uses it.
    var settings: [String: String] { ["GATEWAY_TLS_CERTIFICATE": certificate.path, "GATEWAY_TLS_KEY": key.path] }

    init(in folder: URL, _ certificate: URL, _ key: URL) throws {
        self.folder = folder
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: false)
        try swap(certificate, key)
        for name in ["tls.crt", "tls.key"] {
            try FileManager.default.createSymbolicLink(
                atPath: folder.appending(path: name).path, withDestinationPath: "..data/\(name)")
        }
    }

    /// Puts another pair in place as the kubelet does.
    func swap(_ certificate: URL, _ key: URL) throws {
        let files = FileManager.default
        let version = "..\(UUID().uuidString)"
        let (data, next) = (folder.appending(path: "..data"), folder.appending(path: "..data_tmp"))
        let old = try? files.destinationOfSymbolicLink(atPath: data.path)  // Not there yet.
        let new = folder.appending(path: version)
        try files.createDirectory(at: new, withIntermediateDirectories: false)
        try files.copyItem(at: certificate, to: new.appending(path: "tls.crt"))
        try files.copyItem(at: key, to: new.appending(path: "tls.key"))
        try files.createSymbolicLink(atPath: next.path, withDestinationPath: version)
        guard unsafe rename(next.path, data.path) == 0 else { throw Unexpected("rename: \(errno)") }
        if let old { try files.removeItem(at: folder.appending(path: old)) }
    }
}
