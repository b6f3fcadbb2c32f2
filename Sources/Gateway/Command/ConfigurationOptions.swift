import ArgumentParser
import Foundation
import Glibc

/// Where the settings come from: flags, environment, file.
struct ConfigurationOptions: ParsableArguments {
    @Option(name: .long, help: "A YAML file of settings.")
    var config: String?

    @Option(
        name: .customLong("set"),
        help: ArgumentHelp("One setting; wins over environment and file.", valueName: "key=value"))
    var settings: [String] = []

    /// The configuration, or every fault at once.
    func load() throws -> GatewayConfiguration {
        try GatewayConfiguration(try given(), hostName: ProcessEnvironment.hostName)
    }

    /// All that was given, not yet judged.
    func given() throws -> Settings {
        let flags = try settings.map { text in
            guard let equals = text.firstIndex(of: "=") else { throw ValidationError("--set \(text): write KEY=VALUE") }
            return (key: String(text[..<equals]), value: String(text[text.index(after: equals)...]))
        }
        let file = try config.map { try ConfigurationFile.read($0) } ?? []
        return Settings(
            flags: flags, environment: ProcessEnvironment.variables, file: file, fileName: config ?? "")
    }
}

/// What the process was given by its surroundings.
enum ProcessEnvironment {
    /// The environment's variables. Ones that are not UTF-8 are repaired: no setting of ours needs them.
    static var variables: [String: String] {
        var variables: [String: String] = [:]
        // `environ` is the C library's; nothing of ours calls setenv, so nobody changes it while it is read.
        var entry = unsafe environ
        while let text = unsafe entry.pointee {
            let pair = unsafe String(cString: text).split(
                separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            if pair.count == 2 { variables[String(pair[0])] = String(pair[1]) }
            unsafe entry += 1
        }
        return variables
    }

    /// The kernel's id of this start of the machine; nil when it does not tell.
    static var bootID: String? {
        try? String(contentsOfFile: "/proc/sys/kernel/random/boot_id", encoding: .ascii)
            .trimmingCharacters(in: .whitespacesAndNewlines)
    }

    /// The host's name, a pod's in Kubernetes; `unknown` when the system does not tell.
    static var hostName: String {
        var buffer = [UInt8](repeating: 0, count: 256)
        let result = unsafe buffer.withUnsafeMutableBytes { bytes -> Int32 in
            // gethostname writes at most `count` bytes into the array, which lives for the call.
            guard let start = unsafe bytes.bindMemory(to: CChar.self).baseAddress else { return -1 }
            return unsafe gethostname(start, bytes.count)
        }
        return result == 0 ? String(decoding: buffer.prefix { $0 != 0 }, as: UTF8.self) : "unknown"
    }
}
