package import ExchangeCore
import Foundation
package import StrictJSON

/// Where the policy is kept: a folder of YAML files, or one file.
///
/// In a folder `*.yaml` and `*.yml` are read, in the order of their names, symbolic links followed; names that begin with
/// a dot are left alone, which in a mounted ConfigMap are its own.
package struct PolicyFiles: Sendable {
    package let path: String
    /// Takes files that their group or everybody may write: with them, who may write decides who gets which role.
    package let allowsWritableByOthers: Bool
    /// Takes rules for one use of a token: somebody notes the used ones.
    package let allowsOneUse: Bool
    /// Takes rules in issuer mode: the gateway has an issuer of its own.
    package var allowsIssuerMode: Bool

    package init(
        path: String, allowsWritableByOthers: Bool = false, allowsOneUse: Bool = true, allowsIssuerMode: Bool = true
    ) {
        self.path = path
        self.allowsWritableByOthers = allowsWritableByOthers
        self.allowsOneUse = allowsOneUse
        self.allowsIssuerMode = allowsIssuerMode
    }

    /// Reads and compiles the policy as the server does, at the moment `now`, which bounds rules under observation.
    ///
    /// - Throws: every fault at once; where the syntax of any file is at fault, that of all files first.
    package func loadPolicy(at now: Timestamp = .now()) throws(PolicyFaults) -> PolicySet {
        try load(at: now).policy
    }

    /// One state of the folder, whole: read again when it changed meanwhile.
    func load(at now: Timestamp) throws(PolicyFaults) -> LoadedPolicy {
        guard let settled = Self.settled(marks: marks, read: { readAndCompile(at: now) }) else {
            throw PolicyFaults(file: path, "the files keep changing while they are read; put them in place by a rename")
        }
        return LoadedPolicy(policy: try settled.value.get(), marks: settled.marks)
    }

    /// What `read` gives between two equal looks at the files; nil when they never hold still.
    static func settled<Value>(marks: () -> [FileMark], read: () -> Value) -> Settled<Value>? {
        var before = marks()
        for _ in 0..<attempts {
            let value = read()
            let after = marks()
            if after == before { return Settled(value: value, marks: before) }
            before = after
        }
        return nil
    }

    /// A cheap look at what is there, files that are no YAML included: key files may lie beside.
    func marks() -> [FileMark] { WatchedPath(path).marks() }

    private func readAndCompile(at now: Timestamp) -> Result<PolicySet, PolicyFaults> {
        do throws(PolicyFaults) {
            let sources = try sources()
            let policy = try PolicyCompiler.compile(sources, at: now, readKeyFile: readKeyFile)
            try checkOneUse(in: policy)
            try checkIssuerMode(in: policy)
            return .success(policy)
        } catch {
            return .failure(error)
        }
    }

    private func checkOneUse(in policy: PolicySet) throws(PolicyFaults) {
        let message = "it takes each token once, and this gateway notes no used tokens: set one_use_store"
        if !allowsOneUse, let fault = policy.faultOfOneUse(message) { throw PolicyFaults([fault]) }
    }

    private func checkIssuerMode(in policy: PolicySet) throws(PolicyFaults) {
        let message = "it is in issuer mode, and this gateway has no issuer of its own: set issuer_url and issuer_keys"
        if !allowsIssuerMode, let fault = policy.faultOfIssuerMode(message) { throw PolicyFaults([fault]) }
    }

    private func sources() throws(PolicyFaults) -> [PolicySource] {
        let names = try policyNames()
        var faults: [PolicyFault] = []
        var sources: [PolicySource] = []
        for name in names {
            do throws(PolicyFaults) {
                sources.append(try YAMLReader.read(try bytes(of: name), file: name))
            } catch {
                faults += error.faults
            }
        }
        guard faults.isEmpty else { throw PolicyFaults(faults) }
        return sources
    }

    private func bytes(of name: String) throws(PolicyFaults) -> [UInt8] {
        do throws(PolicyFileFault) {
            return try PolicyFile.read(
                folder + "/" + name, atMost: YAMLReader.maximumSize, allowsWritableByOthers: allowsWritableByOthers)
        } catch {
            throw PolicyFaults(file: name, error.message)
        }
    }

    /// `path` is the file's own, or seen from the policy's folder.
    private func readKeyFile(_ path: String) throws(KeyFileFault) -> [UInt8] {
        do throws(PolicyFileFault) {
            return try PolicyFile.read(
                path.hasPrefix("/") ? path : folder + "/" + path, atMost: KeySet.maximumSize,
                allowsWritableByOthers: allowsWritableByOthers)
        } catch {
            throw KeyFileFault(error.message)
        }
    }

    private func policyNames() throws(PolicyFaults) -> [String] {
        guard FileManager.default.fileExists(atPath: path) else {
            throw PolicyFaults(file: path, "there is no such file or folder; set policy to where the rules are")
        }
        guard isFolder else { return [URL(fileURLWithPath: path).lastPathComponent] }
        let names = visibleNames().filter { $0.hasSuffix(".yaml") || $0.hasSuffix(".yml") }
        guard !names.isEmpty else {
            throw PolicyFaults(file: path, "the folder holds no *.yaml or *.yml that can be read; put the policy there")
        }
        return names
    }

    /// An unreadable folder shows as an empty one, which is refused like it.
    private func visibleNames() -> [String] { WatchedPath(path).visibleNames }

    private var isFolder: Bool { WatchedPath(path).isFolder }

    /// Where the files are, which is also where relative key files are looked for.
    private var folder: String { isFolder ? path : URL(fileURLWithPath: path).deletingLastPathComponent().path }

    /// A ConfigMap is swapped in one rename; only a folder that is written to file by file can change more often.
    private static let attempts = 5
}

/// What was read of files that did not change meanwhile.
struct Settled<Value> {
    let value: Value
    let marks: [FileMark]
}

/// A policy with the state of the files that it was read from.
struct LoadedPolicy: Sendable {
    let policy: PolicySet
    let marks: [FileMark]
}
