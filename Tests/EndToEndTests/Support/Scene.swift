import Foundation

/// The programs and files of one test. All of them are gone when it ends, however it ends.
actor Scene {
    nonisolated let folder: URL
    private var children: [Child] = []
    private var mounts: [URL] = []
    private var started = 0

    fileprivate init() throws {
        folder = FileManager.default.temporaryDirectory.appending(path: "vela-e2e-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: false)
    }

    /// Starts a program that ends with the test at the latest.
    func start(
        _ program: URL, _ arguments: [String] = [], variables: [String: String] = [:], name: String
    ) throws -> Child {
        guard FileManager.default.isExecutableFile(atPath: program.path) else {
            throw Unexpected("there is no \(program.path): run 'swift build', or Scripts/install-dependencies test")
        }
        started += 1
        let child = try Child(program, arguments, variables: variables, name: "\(name)-\(started)", in: folder)
        children.append(child)
        return child
    }

    /// Runs a program to its end.
    func run(
        _ program: URL, _ arguments: [String] = [], variables: [String: String] = [:], name: String
    ) async throws -> Child.Ended {
        let child = try start(program, arguments, variables: variables, name: name)
        return Child.Ended(status: try await child.finish(), output: child.output, errors: child.errors)
    }

    /// A file of the scene.
    nonisolated func file(_ name: String) -> URL { folder.appending(path: name) }

    /// Writes a file of the scene that only its owner may read.
    @discardableResult
    nonisolated func write(_ text: String, to name: String) throws -> URL {
        try Data(text.utf8).write(to: file(name), options: .atomic)
        try FileManager.default.setAttributes([.posixPermissions: 0o600], ofItemAtPath: file(name).path)
        return file(name)
    }

    /// Mounts a file system in memory of `kilobytes`; it is gone at the end.
    func mountMemory(_ name: String, kilobytes: Int) async throws -> URL {
        let place = file(name)
        try FileManager.default.createDirectory(at: place, withIntermediateDirectories: false)
        let mount = try await run(
            URL(filePath: "/bin/mount"), ["-t", "tmpfs", "-o", "size=\(kilobytes)k", "tmpfs", place.path],
            name: "mount")
        guard mount.status == 0 else { throw Unexpected("mount: \(mount.errors)") }
        mounts.append(place)
        return place
    }

    fileprivate func end() async {
        for child in children.reversed() { await child.end() }
        for place in mounts {
            // When this fails, so does the removal below, and says so.
            _ = try? await run(URL(filePath: "/bin/umount"), [place.path], name: "umount")
        }
        do { try FileManager.default.removeItem(at: folder) } catch { print("left behind: \(folder.path): \(error)") }
    }

    /// What the programs said, for a test that failed.
    fileprivate func showLogs() {
        for child in children {
            print("---- \(child.name) (\(child.isRunning ? "running" : "ended"))\n\(child.errors.suffix(3000))")
        }
    }
}

extension Child {
    /// What is left of a program that ran to its end.
    struct Ended: Sendable {
        let status: Int32
        let output: String
        let errors: String
    }
}

/// Runs `body` on a scene and clears it away.
func withScene(_ body: (Scene) async throws -> Void) async throws {
    let scene = try Scene()
    do {
        try await body(scene)
    } catch {
        await scene.showLogs()
        await scene.end()
        throw error
    }
    await scene.end()
}
