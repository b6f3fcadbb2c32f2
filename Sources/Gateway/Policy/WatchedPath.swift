import Foundation

/// A folder or a file that an operator fills and that is looked at again and again.
struct WatchedPath: Sendable {
    let path: String

    /// A file in it: its own name, and its path.
    struct File: Sendable, Equatable {
        let name: String
        let path: String
    }

    init(_ path: String) { self.path = path }

    var exists: Bool { FileManager.default.fileExists(atPath: path) }

    var isFolder: Bool {
        var isFolder: ObjCBool = false
        // The flag is ours and lives through the call.
        return unsafe FileManager.default.fileExists(atPath: path, isDirectory: &isFolder) && isFolder.boolValue
    }

    /// The names in a folder in their order, without those that begin with a dot. An unreadable folder shows as an empty one.
    var visibleNames: [String] {
        let names = (try? FileManager.default.contentsOfDirectory(atPath: path)) ?? []
        return names.filter { !$0.hasPrefix(".") }.sorted()
    }

    /// The files of a folder, or the one file.
    var files: [File] {
        guard isFolder else { return [File(name: URL(fileURLWithPath: path).lastPathComponent, path: path)] }
        return visibleNames.map { File(name: $0, path: path + "/" + $0) }
    }

    /// A cheap look at what is there: two that are equal saw the same files.
    func marks() -> [FileMark] {
        guard isFolder else { return [FileMark(name: path, path: path)].compactMap { $0 } }
        return files.compactMap { FileMark(name: $0.name, path: $0.path) }
    }
}
