import StrictJSON

/// Where the private keys are: a folder, whose `*.pem` are keys and whose other files are left alone, or one file.
///
/// Symbolic links are followed and names that begin with a dot left alone, which in a mounted Kubernetes secret are its own.
struct KeyFiles: Sendable, Equatable {
    let path: String
    /// Takes files that their group may read.
    var allowsGroup = false

    /// All keys, oldest first, of one state of the folder.
    ///
    /// - Throws: every fault at once. A folder without keys is none.
    func load() throws(StartFailure) -> LoadedKeys {
        guard let settled = PolicyFiles.settled(marks: marks, read: readAll) else {
            throw StartFailure(
                "issuer_keys: the files keep changing while they are read; put them in place by a rename")
        }
        return LoadedKeys(keys: try settled.value.get(), marks: settled.marks)
    }

    /// The same, where a key is needed: at the start.
    func loadSome() throws(StartFailure) -> LoadedKeys {
        let loaded = try load()
        guard !loaded.keys.isEmpty else {
            throw StartFailure(
                "issuer_keys: \(path) holds no *.pem; make a key by 'vela-aws-gateway issuer new-key \(path)'")
        }
        return loaded
    }

    /// A cheap look at what is there, by which a change shows.
    func marks() -> [FileMark] { WatchedPath(path).marks() }

    private func readAll() -> Result<[KnownKey], StartFailure> {
        let place = WatchedPath(path)
        guard place.exists else {
            return .failure(
                StartFailure(
                    "issuer_keys: there is no \(path); make a key by 'vela-aws-gateway issuer new-key \(path)'"))
        }
        var (keys, faults): ([KnownKey], [String]) = ([], [])
        for file in place.files where KeyFileName.isKey(file.name) || !place.isFolder {
            do throws(KeyFileProblem) {
                keys.append(try read(file))
            } catch {
                faults.append("issuer_keys: \(file.path) \(error.message)")
            }
        }
        keys.sort { $0.isOlder(than: $1) }
        faults += Self.twins(in: keys)
        return faults.isEmpty ? .success(keys) : .failure(StartFailure(faults.joined(separator: "\n")))
    }

    private func read(_ file: WatchedPath.File) throws(KeyFileProblem) -> KnownKey {
        guard let name = KeyFileName(parsing: file.name) else {
            throw KeyFileProblem(
                "says by its name no time when the key was made known; name it like \(KeyFileName(madeAt: .now(), signsAtOnce: false).text)"
            )
        }
        return KnownKey(key: try KeyFile.read(file.path, allowsGroup: allowsGroup), name: name)
    }

    /// One key under two names has two times, of which nobody could say which one counts.
    private static func twins(in keys: [KnownKey]) -> [String] {
        var first: [String: String] = [:]
        return keys.compactMap { known in
            guard let earlier = first.updateValue(known.name.text, forKey: known.key.keyID) else { return nil }
            return "issuer_keys: \(known.name.text) holds the same key as \(earlier); remove one of them"
        }
    }
}

/// A key with what its file's name says of it.
struct KnownKey: Sendable {
    let key: SigningKey
    let name: KeyFileName

    /// The order of keys. Of two that were made in one second the one that waits is the younger.
    func isOlder(than other: KnownKey) -> Bool {
        (name.madeAt, name.signsAtOnce ? 0 : 1, key.keyID)
            < (other.name.madeAt, other.name.signsAtOnce ? 0 : 1, other.key.keyID)
    }

    /// The moment from which it may sign, where it is published: the later ones wait until whoever kept the key set has had
    /// the time to fetch it again.
    func signsFrom(ahead: Duration) -> Timestamp { name.signsAtOnce ? name.madeAt : name.madeAt + ahead }
}

/// The keys with the state of the files they were read from.
struct LoadedKeys: Sendable {
    let keys: [KnownKey]
    let marks: [FileMark]
}
