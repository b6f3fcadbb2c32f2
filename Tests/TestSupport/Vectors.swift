import Foundation

/// The data files in Vectors.
package enum Vectors {
    /// The bytes of `folder/name`.
    package static func bytes(_ folder: String, _ name: String) throws -> [UInt8] {
        Array(try Data(contentsOf: root.appending(path: "\(folder)/\(name)")))
    }

    /// The names of the files in `folder`, in order.
    package static func names(in folder: String) throws -> [String] {
        try FileManager.default.contentsOfDirectory(atPath: root.appending(path: folder).path).sorted()
    }

    private static var root: URL { Bundle.module.bundleURL.appending(path: "Vectors") }
}
