import ArgumentParser
import ExchangeAPI
import ExchangeCore
import OutboundHTTP
import Secrets
import StrictJSON

/// Says, rule by rule, why a policy decides as it does on a token or on claims.
struct PolicyExplainCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "explain", abstract: "Say, rule by rule, why a token or claims would get a role or not.",
        discussion: """
            A token is verified as the service verifies it, with keys fetched from its issuer. --unverified only reads it, and says so.
            A claims file is the JSON payload of a token: what stands between its dots, decoded.
            """)

    @OptionGroup var policy: PolicyOptions
    @OptionGroup var asked: RequestOptions

    @Option(help: ArgumentHelp("A file with an ID token; - reads standard input.", valueName: "file"))
    var token: String?

    @Flag(help: "Do not verify the token: for one that has expired.")
    var unverified = false

    @Option(help: ArgumentHelp("A JSON file with a token's claims; - reads standard input.", valueName: "file"))
    var claims: String?

    @Option(help: "The issuer that the claims are of, by its name in the policy; the first when left out.")
    var issuer: String?

    @Option(help: "A PEM file with the certificate authorities that the issuer's certificate may come from.")
    var caFile: String?

    @Flag(help: "Print JSON.")
    var json = false

    func validate() throws {
        guard (token == nil) != (claims == nil) else { throw ValidationError("name --token or --claims, one of them") }
        if unverified, token == nil { throw ValidationError("--unverified goes with --token") }
        if issuer != nil, claims == nil { throw ValidationError("--issuer goes with --claims: a token names its own") }
    }

    func run() async throws {
        let policy = try policy.load()
        let request = try asked.request()
        let evidence: Evidence
        do throws(Refusal) {
            evidence = try await self.evidence(for: policy)
        } catch {
            throw StartFailure("\(error.problem.code.rawValue): \(error.cause)")
        }
        let explanation = policy.explanation(
            of: evidence.claims, from: evidence.issuer, asking: request, at: .now())
        if json {
            print(String(decoding: explanation.encoded(isVerified: evidence.isVerified), as: UTF8.self))
        } else {
            let text = ExplanationText(explanation: explanation, origin: evidence.origin, paint: .forOutput)
            print(text.lines.joined(separator: "\n"))
        }
    }

    /// The claims that are explained, and what they are worth.
    private struct Evidence {
        let issuer: String
        let claims: Claims
        let isVerified: Bool
        let origin: String
    }

    private func evidence(for policy: PolicySet) async throws(Refusal) -> Evidence {
        if let claims { return try evidence(ofClaims: try Self.read(claims), policy) }
        let secret = try Self.read(token ?? "-").trimmed
        guard unverified else { return try await verified(secret, policy) }
        let read = try UnverifiedClaims(token: secret, issuers: policy.issuers)
        return Evidence(
            issuer: read.issuer, claims: read.claims, isVerified: false,
            origin: "token     NOT VERIFIED, issuer \(read.issuer)")
    }

    private func evidence(ofClaims document: Secret, _ policy: PolicySet) throws(Refusal) -> Evidence {
        let bytes = document.withBytes { [UInt8]($0) }
        let payload: JSONValue
        do throws(JSONError) { payload = try JSONValue(parsing: bytes) } catch {
            throw .invalidRequest("the claims: \(error)")
        }
        guard let members = payload.object else { throw .invalidRequest("the claims must be a JSON object") }
        let read = try policy.unverifiedClaims(members, ofIssuerNamed: issuer)
        return Evidence(
            issuer: read.issuer, claims: read.claims, isVerified: false,
            origin: "claims    of a file, NOT VERIFIED, as of issuer \(read.issuer)")
    }

    private func verified(_ token: Secret, _ policy: PolicySet) async throws(Refusal) -> Evidence {
        let client: OutboundHTTPClient
        do throws(OutboundSetupError) {
            client = try OutboundHTTPClient(
                configuration: OutboundConfiguration(userAgent: Version.userAgent, caFile: caFile))
        } catch {
            throw .invalidRequest("\(error)")
        }
        let verifier = TokenVerifier(issuers: policy.issuers, fetch: client.keyFetch(), now: Timestamp.now)
        let verified = try await verifier.verify(token)
        return Evidence(
            issuer: verified.issuer, claims: verified.claims, isVerified: true,
            origin: "token     verified, issuer \(verified.issuer), key \(verified.keyID)")
    }

    private static func read(_ path: String) throws(Refusal) -> Secret {
        do { return try SmallFile.read(path == "-" ? "/dev/stdin" : path) } catch {
            throw .invalidRequest("\(error)")
        }
    }
}
