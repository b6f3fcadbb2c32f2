import Secrets
import StrictJSON

/// One section of an AWS shared credentials file: the three keys that every SDK reads. There is no quoting in this
/// format.
struct CredentialsSection {
    let profile: String
    let content: Secret

    init(profile: String, _ credentials: CheckedCredentials) {
        self.profile = profile
        content = .building { text in
            text.append(utf8: "[\(profile)]\n")
            text.appendKey("aws_access_key_id", Secret(credentials.accessKeyID))
            text.appendKey("aws_secret_access_key", credentials.secretAccessKey)
            text.appendKey("aws_session_token", credentials.sessionToken)
        }
    }
}

/// An AWS shared credentials file as it stands, so that sections can be replaced and the others stay byte for byte.
struct CredentialsFile {
    private let content: Secret
    private let lines: [CredentialsFileLine]

    /// Reads a file. What SDKs read in different ways is refused, because a section could hide in it.
    init(parsing content: Secret) throws(CredentialsFileFault) {
        self.content = content
        lines = try CredentialsFileLine.lines(of: content)
    }

    /// The file with `sections` in place of those of the same names; new ones stand at the end. A section that was
    /// there twice is there once. Comments before the next section stay.
    func replacing(_ sections: [CredentialsSection]) -> Secret {
        var written: Set<String> = []
        return .building { text in
            for block in blocks {
                guard let section = sections.first(where: { $0.profile == block.name }) else {
                    text.append(lines: lines[block.all], of: content)
                    continue
                }
                if written.insert(section.profile).inserted { section.content.withBytes { text.append($0) } }
                text.append(lines: lines[block.trailing], of: content)
            }
            let rest = sections.filter { !written.contains($0.profile) }
            if !rest.isEmpty, let last = lines.last, !last.endsInNewline { text.append(utf8: "\n") }
            for section in rest { section.content.withBytes { text.append($0) } }
        }
    }

    /// The lines from one header to the next.
    private struct Block {
        /// nil for what stands before the first header.
        var name: String?
        var all: Range<Int>
        /// The comments and empty lines at the end, which speak of what follows.
        var trailing: Range<Int>
    }

    private var blocks: [Block] {
        var blocks: [Block] = []
        for (index, line) in lines.enumerated() {
            if case .header(let name) = line.kind {
                blocks.append(Block(name: name, all: index..<index, trailing: index..<index))
            } else if blocks.isEmpty {
                blocks.append(Block(name: nil, all: index..<index, trailing: index..<index))
            }
            var block = blocks.removeLast()
            block.all = block.all.lowerBound..<index + 1
            block.trailing = line.kind == .filler ? block.trailing.lowerBound..<index + 1 : index + 1..<index + 1
            blocks.append(block)
        }
        return blocks
    }
}

extension SecretBuilder {
    fileprivate mutating func append(lines: ArraySlice<CredentialsFileLine>, of content: Secret) {
        guard let first = lines.first, let last = lines.last else { return }
        content.withBytes { append($0.extracting(first.bytes.lowerBound..<last.bytes.upperBound)) }
    }
}
