import ClientHTTP
import Secrets
import StrictJSON

/// Asks Vela for ID tokens.
struct IDTokenSource {
    private static let server = "Vela"
    private static let setting = "VELA_ID_TOKEN_REQUEST_URL"

    private let vela: Servers.Vela
    private let url: HTTPURL
    private let http: ClientHTTP
    private let attempts: Attempts

    init(_ vela: Servers.Vela, audience: String, http: ClientHTTP, attempts: Attempts) {
        self.vela = vela
        url = vela.requestURL.appendingQuery("audience", audience)
        self.http = http
        self.attempts = attempts
    }

    /// A new ID token. The request is a GET, so it is repeated after every failure that may pass.
    func token(until deadline: Deadline) throws(ClientFailure) -> IDToken {
        try attempts.run(until: deadline) { () throws(AttemptFailure) in
            try ask(until: attempts.limit(until: deadline))
        }
    }

    private func ask(until deadline: Deadline) throws(AttemptFailure) -> IDToken {
        let request = ClientHTTPRequest(
            .get, url, through: vela.proxy,
            headers: [.init("Authorization", .bearer(vela.requestToken)), .init("Accept", .text("application/json"))])
        let response: ClientHTTPResponse
        do throws(ClientHTTPError) {
            response = try http.send(request, until: deadline)
        } catch {
            throw AttemptFailure(error, ClientFailure(error, server: Self.server, setting: Self.setting))
        }
        guard response.status == 200 else {
            let mayPass = AttemptFailure.passing.contains(response.status)
            throw AttemptFailure(refusal(response), retry: mayPass ? .sent(after: response.retryAfter) : .never)
        }
        guard let token = Self.token(in: response.body) else { throw AttemptFailure(noToken(response)) }
        return token
    }

    private static func token(in body: Secret) -> IDToken? {
        // The reason is dropped on purpose: it could quote a byte of the token.
        let value: JSONValue? = body.withBytes { try? JSONValue(parsing: $0) }
        return value?.object?["token"]?.string.flatMap(IDToken.init)
    }

    private func noToken(_ response: ClientHTTPResponse) -> ClientFailure {
        let type = Printable.quote(response.header("content-type") ?? "none", hiding: [vela.requestToken])
        return ClientFailure(
            .velaAnswerInvalid,
            event: "Vela answered 200 without an ID token (content type: \(type))",
            remedy: "A proxy between may be answering: check \(Self.setting), or ask Vela's administrator.")
    }

    private func refusal(_ response: ClientHTTPResponse) -> ClientFailure {
        let value: JSONValue? = response.body.withBytes { try? JSONValue(parsing: $0) }  // HTML is as good a reason.
        guard let said = value?.object?["error"]?.string else {
            return ClientFailure(
                .velaAnswerInvalid,
                event:
                    "something between this step and Vela answered the request for an ID token "
                    + "with status \(response.status)",
                remedy: "Its answer is not Vela's: ask those who run the proxy or load balancer before \(url.origin).")
        }
        let words = Printable.quote(said, hiding: [vela.requestToken])
        return ClientFailure(
            .velaRefused,
            event: "Vela gave no ID token (\(response.status)): \(words)", remedy: Self.remedy(response.status))
    }

    private static func remedy(_ status: Int) -> String {
        switch status {
        case 400:
            "An ID token is given to running builds only: restart the build; if it runs, check the parameter audience."
        case 401:
            "The request token has expired (it lives as long as the repository's build timeout) or is another build's: "
                + "restart the build."
        case 404: "Vela does not know this repository or build: restart the build."
        case 429: "Vela limits requests: try again later."
        default: "Try again; if it stays so, ask Vela's administrator."
        }
    }
}
