import Glibc

/// A file that holds one parameter.
enum ParameterFile {
    /// Ten times the longest value AWS would take, a session policy.
    private static let limit = 64 * 1024

    /// The file's text without the newlines at its end; nil when there is no file, or nothing in it.
    static func read(_ path: String) throws(Fault) -> String? {
        guard let bytes = Descriptor.readFile(path, limit: limit) else {
            if errno == ENOENT || errno == ENOTDIR { return nil }
            throw Fault(
                "the file \(path) cannot be read (\(Descriptor.reason())): "
                    + "give this step's user the right to, or remove it"
            )
        }
        guard bytes.count <= limit else {
            throw Fault("the file \(path) is larger than \(limit / 1024) KiB: a parameter is shorter")
        }
        guard !bytes.contains(0), let text = String(validating: bytes, as: UTF8.self) else {
            throw Fault(
                "the file \(path) does not hold UTF-8 text: write the parameter's value into it, and nothing else")
        }
        let end = text.lastIndex { !$0.isNewline }.map { text.index(after: $0) } ?? text.startIndex
        return end == text.startIndex ? nil : String(text[..<end])
    }
}
