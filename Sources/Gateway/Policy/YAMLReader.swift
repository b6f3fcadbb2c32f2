package import ExchangeCore
import Yams

/// Reads one YAML file into the nodes that the policy compiler takes.
///
/// Only plain YAML: what makes a reader look elsewhere for what a line means (anchors, aliases, tags, merge keys) is
/// refused, and scalars stay as they are written.
package enum YAMLReader {
    /// The greatest size of a file: some thousand rules are 1 MiB.
    package static let maximumSize = 8 << 20
    /// A policy is 6 levels deep; custom claims do not nest in YAML.
    static let maximumDepth = 32
    static let maximumNodes = 1_000_000

    /// - Throws: the syntax error, or every construct in the file that is refused.
    package static func read(_ bytes: [UInt8], file: String) throws(PolicyFaults) -> PolicySource {
        guard bytes.count <= maximumSize else {
            throw PolicyFaults(file: file, "the file is over \(maximumSize >> 20) MiB; split it")
        }
        guard let text = String(validating: bytes, as: UTF8.self) else {
            throw PolicyFaults(file: file, "the file is not UTF-8; save it as UTF-8")
        }
        do {
            let parser = try Parser(yaml: text, resolver: .basic, encoding: .utf8)
            // Nodes refer to their anchors weakly: the parser must outlive the reading of them.
            return try withExtendedLifetime(parser) {
                guard let root = try parser.singleRoot() else {
                    throw PolicyFaults(file: file, "the file is empty; remove it, or begin it with version: 1")
                }
                var reader = NodeReader(file: file, text: text)
                let node = reader.read(root)
                guard reader.faults.isEmpty else { throw PolicyFaults(reader.faults) }
                return PolicySource(file: file, bytes: bytes, root: node)
            }
        } catch let faults as PolicyFaults {
            throw faults
        } catch let error as YamlError {
            throw PolicyFaults([error.fault(in: file)])
        } catch {
            throw PolicyFaults(file: file, "the file cannot be read as YAML: \(error)")
        }
    }
}

extension PolicyFaults {
    init(file: String, _ message: String) { self.init([PolicyFault(file: file, message)]) }
}

extension YamlError {
    /// The syntax error in our form.
    fileprivate func fault(in file: String) -> PolicyFault {
        switch self {
        case .scanner(let context, let problem, let mark, _), .parser(let context, let problem, let mark, _),
            .composer(let context, let problem, let mark, _):
            let place = context.map { " (\($0.text), line \($0.mark.line))" } ?? ""
            return PolicyFault(file: file, at: mark.position, Self.words(problem) + place)
        case .reader(let problem, let offset, _, let yaml):
            let line = 1 + yaml.prefix(offset ?? 0).count { $0.isNewline }
            let position = SourcePosition(line: line, column: 1)
            return PolicyFault(file: file, at: offset == nil ? nil : position, "not YAML: \(problem)")
        case .duplicatedKeysInMapping(let duplicates, let context):
            let names = duplicates.map { "'\($0)'" }.joined(separator: ", ")
            return PolicyFault(file: file, at: context.mark.position, "the key \(names) stands here twice; keep one")
        case .no, .memory, .writer, .emitter, .representer, .dataCouldNotBeDecoded:
            return PolicyFault(file: file, "the file cannot be read as YAML: \(self)")
        }
    }

    private static func words(_ problem: String) -> String {
        switch problem {
        case "but found another document": "a file holds one YAML document, and here begins another; split the file"
        case "found undefined alias": "an alias (*name) is not taken; write the value out"
        default: "not YAML: \(problem)"
        }
    }
}

extension Mark {
    var position: SourcePosition { SourcePosition(line: line, column: column) }
}
