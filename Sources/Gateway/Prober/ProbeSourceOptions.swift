import ArgumentParser
import Secrets

/// Where the good token comes from: a file, or a key that makes it.
struct ProbeSourceOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "A file with a good token, such as a Vela ID token; - reads standard input.", valueName: "file"))
    var tokenFile: String?

    @Option(
        help: ArgumentHelp(
            "A file with a private key (P-256, PEM) to make tokens with: see 'probe new-key'.", valueName: "file"))
    var key: String?

    @Option(help: "With --key: the tokens' issuer, the url of the prober's issuer in the policy.")
    var issuer: String?

    @Option(help: "With --key: the tokens' audience, one of the issuer's in the policy.")
    var audience: String?

    @Option(help: "With --key: the tokens' subject, which the policy's rule asks for.")
    var subject: String?

    func validate() throws {
        guard (tokenFile == nil) != (key == nil) else {
            throw ValidationError("name --token-file, or --key with --issuer, --audience and --subject")
        }
        let names = [("--issuer", issuer), ("--audience", audience), ("--subject", subject)]
        for (name, value) in names {
            if key == nil, value != nil { throw ValidationError("\(name) goes with --key: a token says its own") }
            if key != nil, value?.isEmpty ?? true { throw ValidationError("--key needs \(name)") }
        }
    }

    /// Reads the file that is named.
    func source() throws(StartFailure) -> ProbePlan.Source {
        guard let key else { return .token(try ProbeToken(parsing: Self.read(tokenFile ?? "-").trimmed)) }
        return .issuer(
            ProbeIssuer(
                key: try ProbeKey(pem: Self.read(key)), url: issuer ?? "", audience: audience ?? "",
                subject: subject ?? ""))
    }

    private static func read(_ path: String) throws(StartFailure) -> Secret {
        try SmallFile.read(path == "-" ? "/dev/stdin" : path)
    }
}
