import ExchangeCore
import Glibc
import Secrets
import StrictJSON

/// The file of settings: one YAML mapping of keys to single values, or to lists, which count as values with commas.
enum ConfigurationFile {
    /// The settings that are a mapping of names to mappings. What stands there is the setting `group.name.key`.
    private static let groups: Set<String> = ["sts_profiles"]

    /// Reads `path`; every fault names the file and the line.
    static func read(_ path: String) throws -> [(key: String, value: String)] {
        let bytes = try SmallFile.read(path).withBytes { [UInt8]($0) }
        let root = try YAMLReader.read(bytes, file: path).root
        guard case .mapping(let entries) = root.content else {
            throw ConfigurationError(faults: ["\(path): write one setting a line, 'key: value'"])
        }
        let settings = flattened(entries)
        let faults =
            duplicates(settings, path)
            + settings.filter { $0.value.settingText == nil }.map {
                "\(path):\($0.position.line): \($0.key) must be a single value or a list of them"
            }
        guard faults.isEmpty else { throw ConfigurationError(faults: faults) }
        return settings.map { (key: $0.key, value: $0.value.settingText ?? "") }
    }

    private static func flattened(_ entries: [SourceEntry]) -> [SourceEntry] {
        entries.flatMap { entry in
            groups.contains(entry.key) ? members(of: entry).flatMap(members(of:)) : [entry]
        }
    }

    /// The entries of a mapping under the names that they have as settings. Anything else, an empty mapping too, stays
    /// what it is: whoever reads the setting says what it must be.
    private static func members(of entry: SourceEntry) -> [SourceEntry] {
        guard case .mapping(let members) = entry.value.content, !members.isEmpty else { return [entry] }
        return members.map {
            SourceEntry(key: "\(entry.key).\($0.key)", at: $0.position, value: $0.value)
        }
    }

    private static func duplicates(_ entries: [SourceEntry], _ path: String) -> [String] {
        var seen: Set<String> = []
        return entries.filter { !seen.insert($0.key).inserted }.map {
            "\(path):\($0.position.line): \($0.key) stands twice; keep one"
        }
    }
}

extension SourceNode {
    /// A scalar's text, or a list's with commas; empty for a mapping of nothing, nil for anything nested.
    fileprivate var settingText: String? {
        switch content {
        case .scalar(let text, quoted: _): return text
        case .sequence(let nodes):
            let texts = nodes.compactMap { node in
                if case .scalar(let text, quoted: _) = node.content { text } else { nil }
            }
            return texts.count == nodes.count ? texts.joined(separator: ",") : nil
        case .mapping(let entries): return entries.isEmpty ? "" : nil
        }
    }
}
