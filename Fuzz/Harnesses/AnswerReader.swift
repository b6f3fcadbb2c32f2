/// One answer of the server, as its client sees it.
struct ReadAnswer {
    let status: Int
    /// Which handled request it belongs to; nil when the server answered by itself.
    let number: Int?
    let closes: Bool
}

/// Reads all answers of a connection; stops the process at what is none.
enum AnswerReader {
    private static let start = Array("HTTP/1.1 ".utf8)
    private static let headEnd = Array("\r\n\r\n".utf8)

    /// The answers in `bytes`, the interim 100s left out.
    static func read(_ bytes: [UInt8]) -> [ReadAnswer] {
        var answers: [ReadAnswer] = []
        var rest = bytes[...]
        while !rest.isEmpty {
            precondition(answers.last?.closes != true, "something follows the last answer")
            let answer = next(from: &rest)
            if answer.status != 100 { answers.append(answer) }
        }
        return answers
    }

    private static func next(from rest: inout ArraySlice<UInt8>) -> ReadAnswer {
        guard rest.starts(with: start), let end = rest.indices.first(where: { rest[$0...].starts(with: headEnd) })
        else {
            fatalError("no answer: \(String(decoding: rest.prefix(200), as: UTF8.self))")
        }
        let lines = String(decoding: rest[..<end], as: UTF8.self).split(separator: "\r\n").map { $0.lowercased() }
        let head = rest[..<(end + headEnd.count)]
        rest = rest[head.endIndex...]
        // libmicrohttpd 0.9.75 sends the head of its own answer to a bad Content-Length twice, and closes.
        if rest.starts(with: head) { rest = rest[(rest.startIndex + head.count)...] }
        guard let status = Int(lines[0].split(separator: " ")[1]) else { fatalError("no status: \(lines[0])") }
        // No body of ours begins like an answer, so what does is the next one, and this was the answer to a HEAD.
        if status >= 200, !rest.isEmpty, !rest.starts(with: start) {
            guard let length = Int(value(of: "content-length", in: lines) ?? "-"), length <= rest.count else {
                fatalError("a body of another length: \(lines)")
            }
            rest = rest.dropFirst(length)
        }
        let number = value(of: "x-number", in: lines).map { Int($0) } ?? nil
        return ReadAnswer(status: status, number: number, closes: value(of: "connection", in: lines) == "close")
    }

    private static func value(of name: String, in lines: [String]) -> String? {
        lines.first { $0.hasPrefix(name + ": ") }.map { String($0.dropFirst(name.count + 2)) }
    }
}
