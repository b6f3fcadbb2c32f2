package import StrictJSON

/// Why a key file that an issuer names cannot be used, with the remedy.
package struct KeyFileFault: Error, Sendable {
    package let message: String

    package init(_ message: String) { self.message = message }
}

/// Reads the file that an issuer names under `keys_file`: the core opens none itself.
package typealias KeyFileReader = (_ path: String) throws(KeyFileFault) -> [UInt8]

/// Makes a policy set of policy files, or says everything that is wrong with them.
package enum PolicyCompiler {
    /// Compiles `sources`, in the order of their names, into one set. `now` bounds how long rules may be observed.
    ///
    /// - Throws: every fault of every file at once.
    package static func compile(
        _ sources: [PolicySource], at now: Timestamp, readKeyFile: @escaping KeyFileReader = noKeyFiles
    ) throws(PolicyFaults) -> PolicySet {
        let log = FaultLog()
        let files = sources.sorted { $0.file < $1.file }.compactMap { PolicyDocument($0, log: log) }
        var issuers = IssuerReader(readKeyFile: readKeyFile)
        for file in files { issuers.read(file) }
        var sessionPolicies = NamedSessionPolicies()
        for file in files { sessionPolicies.read(file) }
        var federation = FederationDefaults()
        for file in files { federation.read(file) }
        var reader = RuleReader(issuers: issuers, sessionPolicies: sessionPolicies, federation: federation, at: now)
        for file in files { reader.read(file) }
        let settlement = FederationSettlement(
            of: reader.rules, issuers: issuers.issuers, places: issuers.places, log: log)
        let rules = settlement.settled(reader.rules)
        reportEmptiness(of: sources, issuers: issuers, rules: reader, log: log)
        guard log.faults.isEmpty else { throw PolicyFaults(log.faults) }
        let digest = PolicyDigest.hex(of: sources, keyFiles: issuers.keyFiles)
        return PolicySet(
            digest: digest, issuers: issuers.issuers, rules: rules, sessionPolicies: sessionPolicies.all,
            issuerPlaces: issuers.places)
    }

    /// For callers without files.
    package static func noKeyFiles(_ path: String) throws(KeyFileFault) -> [UInt8] {
        throw KeyFileFault("no key file can be read here")
    }

    /// A set that allows nothing because it says nothing is a mistake of deployment, not a decision.
    private static func reportEmptiness(
        of sources: [PolicySource], issuers: IssuerReader, rules: RuleReader, log: FaultLog
    ) {
        let file = sources.map(\.file).min() ?? "policy"
        if !issuers.isAnySeen {
            log.add(PolicyFault(file: file, "no file names an issuer; add issuers: with at least one"))
        }
        if !rules.isAnySeen {
            log.add(PolicyFault(file: file, "no file holds a rule; add rules: with at least one"))
        }
    }
}
