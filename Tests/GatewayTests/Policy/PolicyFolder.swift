import Foundation

/// A policy folder of a test, removed with it.
final class PolicyFolder {
    let path: String

    init() throws {
        let url = FileManager.default.temporaryDirectory.appendingPathComponent("policy-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: url, withIntermediateDirectories: false)
        path = url.path
    }

    deinit {
        try? FileManager.default.removeItem(atPath: path)  // What is left lies in the system's temporary folder.
    }

    /// Puts a whole file in place by a rename, as an operator should.
    @discardableResult func write(_ text: String, to name: String = "policy.yaml", mode: Int = 0o644) throws -> String {
        let url = URL(fileURLWithPath: path + "/" + name)
        try Data(text.utf8).write(to: url, options: .atomic)
        try FileManager.default.setAttributes([.posixPermissions: mode], ofItemAtPath: url.path)
        return url.path
    }

    func remove(_ name: String) throws { try FileManager.default.removeItem(atPath: path + "/" + name) }

    /// A version of a ConfigMap, as the kubelet lays it out: a folder of its own, `..data` swapped onto it by a rename.
    func mountConfigMap(_ files: [String: String], version: String) throws {
        let manager = FileManager.default
        try manager.createDirectory(atPath: path + "/..\(version)", withIntermediateDirectories: false)
        for (name, text) in files {
            try write(text, to: "..\(version)/\(name)")
            if (try? manager.destinationOfSymbolicLink(atPath: path + "/" + name)) == nil {
                try manager.createSymbolicLink(atPath: path + "/" + name, withDestinationPath: "..data/" + name)
            }
        }
        try manager.createSymbolicLink(atPath: path + "/..data_tmp", withDestinationPath: "..\(version)")
        guard unsafe rename(path + "/..data_tmp", path + "/..data") == 0 else { throw CocoaError(.fileWriteUnknown) }
    }

    static let issuers = """
        version: 1
        issuers:
          - name: vela
            url: https://vela.example.com/_services/token
            audiences: [sts.amazonaws.com]
            claims: vela

        """

    static func rules(_ names: String..., deny: String? = nil) -> String {
        var text = "version: 1\nrules:\n"
        for name in names {
            text += """
                  - name: \(name)
                    issuer: vela
                    condition: { StringEquals: { event: push } }
                    roles: ["arn:aws:iam::123456123456:role/test"]

                """
        }
        guard let deny else { return text }
        return text + "  - { name: \(deny), effect: deny, condition: { Bool: { pull_fork: true } } }\n"
    }

    static func whole(_ names: String...) -> String {
        names.reduce(issuers + "rules:\n") { text, name in
            text + "  - { name: \(name), issuer: vela, condition: { StringEquals: { event: push } }, "
                + "roles: [\"arn:aws:iam::123456123456:role/test\"] }\n"
        }
    }
}
