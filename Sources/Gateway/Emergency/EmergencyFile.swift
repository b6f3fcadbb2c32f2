import Foundation

/// The file that the setting `emergency_deny` names. It needs not be there: that it is not is the usual state.
struct EmergencyFile: Sendable {
    let path: String

    /// What lies there now. A missing file denies nothing, before and after there was one: removing it is how a deny is lifted, and an
    /// optional ConfigMap that was deleted looks no other. A missing *folder* is no such decision but a lost mount or a misspelt path,
    /// so it counts as unreadable.
    ///
    /// Its mode is not looked at, unlike a policy's: it can only take away, and in a hurry a mode shall not turn one rule into a full stop.
    func read() -> EmergencyContent {
        guard FileManager.default.fileExists(atPath: path) else {
            return isInFolder ? .absent : .unreadable("\(path): its folder is not there; mount or make it")
        }
        do throws(PolicyFileFault) {
            return .bytes(
                try PolicyFile.read(path, atMost: EmergencyContent.maximumSize, allowsWritableByOthers: true))
        } catch {
            // Removed between the two looks.
            if isInFolder, !FileManager.default.fileExists(atPath: path) { return .absent }
            return .unreadable("\(path) \(error.message)")
        }
    }

    /// Throws what must be put right before a start: the folder. A faulty file is no such fault, it stops what it stops.
    func check() throws(StartFailure) {
        guard isInFolder else {
            throw StartFailure(
                "emergency_deny: the folder of \(path) is not there, so the file would never be seen; make it or correct the path"
            )
        }
    }

    /// Throws what is wrong with the file too, for a check before a start: `serve` would start, and deny everything.
    func checkContent() throws(StartFailure) {
        try check()
        if case .faulty(let cause) = EmergencyReading(read(), named: name) {
            throw StartFailure("emergency_deny: \(cause)")
        }
    }

    /// The name in faults.
    var name: String { URL(fileURLWithPath: path).lastPathComponent }

    private var isInFolder: Bool {
        FileManager.default.fileExists(atPath: URL(fileURLWithPath: path).deletingLastPathComponent().path + "/.")
    }
}
