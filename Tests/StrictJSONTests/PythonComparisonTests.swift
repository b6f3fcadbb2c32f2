import Foundation
import StrictJSON
import Testing

/// Holds the parser against another one, which was told to be as strict as ours where the RFC leaves a choice.
@Suite struct PythonComparisonTests {
    private static let python = (ProcessInfo.processInfo.environment["PATH"] ?? "").split(separator: ":")
        .map { "\($0)/python3" }.first { FileManager.default.isExecutableFile(atPath: $0) }

    @Test(.enabled(if: python != nil, "there is no python3 on the PATH"))
    func `takes, reads and refuses what Python does`() throws {
        var generator = DocumentGenerator(seed: 2026)
        var documents = (0..<3000).map { _ in generator.document() }
        for _ in 0..<5000 { documents.append(generator.spoiltDocument()) }
        let answers = try answers(to: documents)
        try #require(answers.count == documents.count)
        var refused = 0
        for (document, answer) in zip(documents, answers) {
            let ours = outline(of: document)
            if ours == "refused" { refused += 1 }
            // Not #expect in each round: it would cost more than the parsing.
            if !ours.hasSameBytes(as: answer) {
                Issue.record("\(String(decoding: document, as: UTF8.self)): ours \(ours), Python's \(answer)")
            }
        }
        // A generator that makes only good or only bad documents compares nothing.
        #expect((1000..<7000).contains(refused))
    }

    @Test func `reads back what it writes`() throws {
        var generator = DocumentGenerator(seed: 7)
        for _ in 0..<2000 {
            let document = generator.document()
            guard fault(in: document) == nil else { continue }
            let value = try JSONValue(parsing: document)
            try #require(try JSONValue(parsing: value.bytes) == value)
        }
    }

    private func outline(of document: [UInt8]) -> String {
        do throws(JSONError) {
            return outline(of: try JSONValue(parsing: document))
        } catch {
            return "refused"
        }
    }

    /// A spelling that both languages can make without a JSON writer.
    private func outline(of value: JSONValue) -> String {
        switch value {
        case .null: "n"
        case .bool(let value): value ? "t" : "f"
        case .number(let number): "#\(number.literal);"
        case .string(let text): outline(of: text)
        case .array(let elements): "[\(elements.map(outline(of:)).joined())]"
        case .object(let object): "{\(object.members.map { outline(of: $0.name) + outline(of: $0.value) }.joined())}"
        }
    }

    private func outline(of text: String) -> String { "$\(hexadecimal(text.utf8));" }

    private func hexadecimal(_ bytes: some Sequence<UInt8>) -> String {
        let digits = Array("0123456789abcdef".utf8)
        return String(decoding: bytes.flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] }, as: UTF8.self)
    }

    /// Lets one Python process read all documents, handed over as hexadecimal lines.
    private func answers(to documents: [[UInt8]]) throws -> [String] {
        let folder = FileManager.default.temporaryDirectory.appending(path: "strict-json-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        // Left-overs in the temporary folder harm nobody.
        defer { try? FileManager.default.removeItem(at: folder) }
        let questions = folder.appending(path: "questions")
        let answers = folder.appending(path: "answers")
        let lines = documents.map(hexadecimal).joined(separator: "\n")
        try Data(lines.utf8).write(to: questions)
        try Data().write(to: answers)

        let process = Process()
        process.executableURL = URL(filePath: try #require(Self.python))
        process.arguments = ["-c", Self.script]
        process.standardInput = try FileHandle(forReadingFrom: questions)
        process.standardOutput = try FileHandle(forWritingTo: answers)
        try process.run()
        process.waitUntilExit()
        try #require(process.terminationStatus == 0)
        return String(decoding: try Data(contentsOf: answers), as: UTF8.self).split(separator: "\n").map(String.init)
    }

    private static let script = """
        import json, sys, unicodedata
        class Number(str): pass
        def refuse(*_): raise ValueError()
        def members(pairs):
            names = {unicodedata.normalize('NFC', name) for name, _ in pairs}
            return dict(pairs) if len(names) == len(pairs) else refuse()
        def text(value): return '$' + value.encode().hex() + ';'
        def outline(value):
            if value is None: return 'n'
            if value is True: return 't'
            if value is False: return 'f'
            if isinstance(value, Number): return '#' + value + ';'
            if isinstance(value, str): return text(value)
            if isinstance(value, list): return '[' + ''.join(map(outline, value)) + ']'
            return '{' + ''.join(text(name) + outline(member) for name, member in value.items()) + '}'
        def answer(document):
            try:
                return outline(json.loads(document.decode(), parse_int=Number, parse_float=Number,
                    parse_constant=refuse, object_pairs_hook=members))
            except ValueError: return 'refused'
        for line in sys.stdin:
            print(answer(bytes.fromhex(line.strip())))
        """
}
