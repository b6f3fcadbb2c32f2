/// Reads the `issuers` of all files.
struct IssuerReader {
    private(set) var issuers: [Issuer] = []
    /// Every name that was read, those of faulty issuers included: a rule that refers to one is not at fault.
    private(set) var names: Set<String> = []
    private(set) var places: [String: RulePlace] = [:]
    /// The issuers whose tokens count once only, by name.
    private(set) var oneUse: [String: OneUse] = [:]
    /// What the issuers' key files held, by path.
    private(set) var keyFiles: [String: [UInt8]] = [:]
    /// False when no file so much as tries to name one.
    private(set) var isAnySeen = false
    private let readKeyFile: KeyFileReader
    private var uniqueNames = UniqueNames(of: "an issuer named")
    private var uniqueURLs = UniqueNames(of: "an issuer with the url")

    init(readKeyFile: @escaping KeyFileReader) { self.readKeyFile = readKeyFile }

    mutating func read(_ document: PolicyDocument) {
        for node in document.issuers {
            isAnySeen = true
            if let issuer = issuer(node, scope: document.scope) { issuers.append(issuer) }
        }
    }

    static let keys = [
        "name", "url", "audiences", "claims", "algorithms", "clock_skew", "max_token_age", "absent_pull_fork",
        "keys_file", "allow_plaintext", "one_use", "aws_claims", "disabled",
    ]

    /// Everything is read before anything is given up, so that all faults are reported.
    private mutating func issuer(_ node: SourceNode, scope: FaultScope) -> Issuer? {
        guard let reader = MappingReader(node, what: "an issuer", keys: Self.keys, scope: scope) else { return nil }
        let name = name(in: reader)
        let keySource = keySource(in: reader)
        let url = url(in: reader, keySource: keySource)
        let kind = reader.issuerKind()
        let audiences = reader.audiences()
        let algorithms = reader.algorithms()
        let skew = reader["clock_skew"].map { $0.duration("clock_skew", within: 0...60, scope: scope) } ?? .seconds(30)
        let age = reader["max_token_age"]?.duration("max_token_age", within: 60...86_400, scope: scope)
        let absentPullForkIsFalse = reader.absentPullForkIsFalse(for: kind)
        if let name { oneUse[name] = reader.oneUse() }
        let passesAWSClaims = reader.passesAWSClaims()
        let isDisabled = reader["disabled"].map { $0.boolean("disabled", scope: scope) } ?? false
        guard let name, let kind, let keySource, let url, let audiences, let algorithms, let skew, let isDisabled
        else { return nil }
        return Issuer(
            name: name, url: url, audiences: audiences, kind: kind, algorithms: algorithms, skew: skew,
            maximumTokenAge: age, absentPullForkIsFalse: absentPullForkIsFalse,
            passesAWSClaims: passesAWSClaims, keySource: keySource, isDisabled: isDisabled)
    }

    private mutating func name(in reader: MappingReader) -> String? {
        guard let node = reader.required("name", remedy: "give it one, for rules to refer to"),
            let name = node.name("an issuer's name", scope: reader.scope)
        else { return nil }
        uniqueNames.note(name, at: node.position, scope: reader.scope)
        names.insert(name)
        places[name] = RulePlace(file: reader.scope.file, position: reader.position)
        return name
    }

    /// Nil after a fault. A key file's content is checked here, so that a policy that loads can verify.
    private mutating func keySource(in reader: MappingReader) -> KeySource? {
        let plaintext = reader["allow_plaintext"].map { $0.boolean("allow_plaintext", scope: reader.scope) } ?? false
        guard let node = reader["keys_file"] else { return plaintext.map { .discovery(allowPlaintext: $0) } }
        if let other = reader["allow_plaintext"] {
            reader.scope.report(
                "allow_plaintext is idle beside keys_file: nothing is fetched; remove it", at: other.position)
        }
        guard let path = node.text("keys_file", scope: reader.scope) else { return nil }
        do throws(KeyFileFault) {
            let bytes = try readKeyFile(path)
            if let why = KeySet.fault(in: bytes) { throw KeyFileFault(why) }
            keyFiles[path] = bytes
            return .staticKeys(bytes)
        } catch {
            reader.scope.report("keys_file \(path.quoted): \(error.message)", at: node.position)
            return nil
        }
    }

    /// Compared with `iss` byte by byte and, without a key file, fetched from: only then plaintext matters.
    private mutating func url(in reader: MappingReader, keySource: KeySource?) -> String? {
        guard let node = reader.required("url", remedy: "write the token's iss, letter by letter"),
            let url = node.text("url", scope: reader.scope)
        else { return nil }
        uniqueURLs.note(url, at: node.position, scope: reader.scope)
        do throws(IssuerURLFault) {
            _ = try IssuerURL(parsing: url, allowPlaintext: keySource != .discovery(allowPlaintext: false))
            if !url.utf8.contains(UInt8(ascii: "?")) { return url }
            reader.scope.report("url \(url.quoted) has a query; an issuer's url has none", at: node.position)
        } catch {
            reader.scope.report("url \(url.quoted): \(error)", at: node.position)
        }
        return nil
    }
}

extension KeySet {
    /// What is wrong with `bytes` as a JWK set; nil when a verifier can use them.
    fileprivate static func fault(in bytes: [UInt8]) -> String? {
        do throws(KeySetFault) {
            return try KeySet(parsing: bytes).count > 0 ? nil : "it holds no key that can be used"
        } catch {
            return "\(error)"
        }
    }
}
