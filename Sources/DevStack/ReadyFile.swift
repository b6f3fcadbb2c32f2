import FoundationEssentials

/// A file that appears whole or not at all, and says that the program is ready.
enum ReadyFile {
    /// Writes `bytes` to `path` through a temporary file beside it.
    static func write(_ bytes: [UInt8], to path: String) throws(DevStackError) {
        do {
            try Data(bytes).write(to: URL(filePath: path), options: .atomic)
        } catch {
            throw .start("cannot write \(path): \(error); name a file in a folder that exists and is yours")
        }
    }
}
