import StrictJSON

/// The name of a private key's file: `issuer-20261125T131200Z.pem`. What stands before the time is free.
///
/// The time is when the key was made known; docs/decisions/0014-issuer-keys.md says why it stands in the name. With
/// `-at-once` after it the key signs as soon as it is found published: the first one of an issuer, or one that replaces a
/// stolen one.
struct KeyFileName: Sendable, Equatable {
    let text: String
    let madeAt: Timestamp
    let signsAtOnce: Bool

    private static let ending = ".pem"
    private static let atOnce = "-at-once"

    /// The name of a key that is made at `madeAt`.
    init(madeAt: Timestamp, signsAtOnce: Bool) {
        self.madeAt = Timestamp(seconds: madeAt.seconds)
        self.signsAtOnce = signsAtOnce
        let time = self.madeAt.description.filter { $0 != "-" && $0 != ":" }
        text = "issuer-\(time)\(signsAtOnce ? Self.atOnce : "")\(Self.ending)"
    }

    /// Nil for a name that says no time.
    init?(parsing text: String) {
        guard text.hasSuffix(Self.ending) else { return nil }
        let stem = text.dropLast(Self.ending.count)
        signsAtOnce = stem.hasSuffix(Self.atOnce)
        let named = signsAtOnce ? stem.dropLast(Self.atOnce.count) : stem
        let time = named.suffix(16)
        guard time.utf8.count == 16, named.count == 16 || named.dropLast(16).last == "-",
            let madeAt = Timestamp(basic: time)
        else { return nil }
        self.text = text
        self.madeAt = madeAt
    }

    /// Whether a file of this name is meant to be a key at all.
    static func isKey(_ name: String) -> Bool { name.hasSuffix(ending) }
}

extension Timestamp {
    /// A moment in ISO 8601's basic form, which file names may hold: `20261125T131200Z`.
    fileprivate init?(basic text: Substring) {
        let letters = Array(text)
        guard letters.count == 16 else { return nil }
        let (date, time) = (letters[0..<8], letters[9..<15])
        let extended =
            "\(String(date[0..<4]))-\(String(date[4..<6]))-\(String(date[6..<8]))\(letters[8])"
            + "\(String(time[9..<11])):\(String(time[11..<13])):\(String(time[13..<15]))\(letters[15])"
        self.init(parsing: extended)
    }
}
