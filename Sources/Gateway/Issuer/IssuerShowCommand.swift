import ArgumentParser
import ExchangeCore
import OutboundHTTP
import ProcessHardening
import StrictJSON

/// Lists the keys, and what the public URL really says of them.
struct IssuerShowCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "show",
        abstract: "List the keys with their state, and compare them with what the issuer's URL says.",
        discussion: "The exit status is 1 when no key could sign.")

    @OptionGroup var options: IssuerOptions

    func run() async throws {
        guard ProcessHardening.apply() else {
            throw StartFailure("the system does not let the process turn core dumps off, and it must not run with them")
        }
        var (issuer, settings) = try options.load()
        let http = try OutboundHTTPClient(configuration: settings.outbound())
        let ring = try SigningKeyRing(issuer.keys, publishAhead: issuer.publishAhead, now: Timestamp.now)
        print("issuer \(issuer.url)")
        let discovery = Discovery(issuer: issuer.url.description, allowPlaintext: false, fetch: http.keyFetch())
        do throws(KeyFetchFailure) {
            let published = try await discovery.keySet()
            ring.note(published)
            print(KeyListing(states: ring.states, strangers: ring.strangers(in: published)).text)
        } catch {
            print(KeyListing(states: ring.states, strangers: []).text)
            print("The issuer's URL cannot be read: \(error)")
        }
        await http.shutdown()
        guard let fault = ring.unreadiness else { return }
        print("No key may sign: \(fault)")
        throw ExitCode.failure
    }
}

/// What `issuer show` says of the keys.
struct KeyListing: Sendable {
    let states: [SigningKeyState]
    /// Ids of keys that are published and not ours.
    let strangers: [String]

    var text: String {
        (states.map(line)
            + strangers.map { key in
                "\(key)  NOT OURS: its holder can make tokens that AWS takes for the gateway's; if it is no older key of yours, publish anew at once"
            }).joined(separator: "\n")
    }

    private func line(_ key: SigningKeyState) -> String {
        let place = key.isPublished ? "published" : "not published"
        return "\(key.keyID)  \(key.algorithm)  \(key.stage.words)  \(place)  \(key.file)"
    }
}

extension SigningKeyState.Stage {
    fileprivate var words: String {
        switch self {
        case .waiting(let start): "waits until \(start.toTheSecond)"
        case .unpublished: "unpublished"
        case .signing: "signing"
        case .retired(let end): "retired, keep its file until \(end.toTheSecond)"
        }
    }
}

extension SigningKeyRing {
    /// Keys of the public set that this ring does not have.
    func strangers(in published: KeySet) -> [String] {
        let own = states.map(\.keyID)
        return published.keyIDs.filter { !own.contains($0) }
    }
}
