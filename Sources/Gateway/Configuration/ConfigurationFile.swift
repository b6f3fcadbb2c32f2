import ExchangeCore
import Glibc
import Secrets
import StrictJSON

/// The file of settings: one YAML mapping of keys to single values, or to lists, which count as values with commas.
enum ConfigurationFile {
    /// Reads `path`; every fault names the file and the line.
    static func read(_ path: String) throws -> [(key: String, value: String)] {
        let bytes = try SmallFile.read(path).withBytes { [UInt8]($0) }
        let root = try YAMLReader.read(bytes, file: path).root
        guard case .mapping(let entries) = root.content else {
            throw ConfigurationError(faults: ["\(path): write one setting a line, 'key: value'"])
        }
        let faults =
            duplicates(entries, path)
            + entries.filter { $0.value.settingText == nil }.map {
                "\(path):\($0.position.line): \($0.key) must be a single value or a list of them"
            }
        guard faults.isEmpty else { throw ConfigurationError(faults: faults) }
        return entries.map { (key: $0.key, value: $0.value.settingText ?? "") }
    }

    private static func duplicates(_ entries: [SourceEntry], _ path: String) -> [String] {
        var seen: Set<String> = []
        return entries.filter { !seen.insert($0.key).inserted }.map {
            "\(path):\($0.position.line): \($0.key) stands twice; keep one"
        }
    }
}

extension SourceNode {
    /// A scalar's text, or a list's with commas; nil for anything nested.
    fileprivate var settingText: String? {
        switch content {
        case .scalar(let text, quoted: _): return text
        case .sequence(let nodes):
            let texts = nodes.compactMap { node in
                if case .scalar(let text, quoted: _) = node.content { text } else { nil }
            }
            return texts.count == nodes.count ? texts.joined(separator: ",") : nil
        case .mapping: return nil
        }
    }
}
