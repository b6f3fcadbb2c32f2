import ClientHTTP
import ExchangeAPI
import Secrets

/// Asks the gateway, once a call.
struct GatewayCall {
    private static let server = "the gateway"
    private static let setting = "gateway_url"

    private let url: HTTPURL
    private let proxy: Proxy?
    private let http: ClientHTTP

    init(_ servers: Servers, http: ClientHTTP) {
        url = servers.gatewayURL
        proxy = servers.gatewayProxy
        self.http = http
    }

    /// Asks for `asked` once.
    func credentials(
        for asked: CredentialsRequest, presenting token: Secret, until deadline: Deadline
    ) throws(AttemptFailure) -> CredentialsResponse {
        let response = try post(
            "v1/credentials", .init("Content-Type", .text("application/json")), asked.bytes, presenting: token,
            until: deadline)
        let credentials = try credentials(in: response)
        // Credentials of one request in the answer of another would be the worst of faults.
        guard credentials.role == asked.role else { throw AttemptFailure(strange("credentials for another role")) }
        return credentials
    }

    /// Asks once who presents `token`.
    func identity(presenting token: Secret, until deadline: Deadline) throws(AttemptFailure) -> WhoamiResponse {
        let response = try post("v1/whoami", nil, [], presenting: token, until: deadline)
        do throws(WireError) {
            return try WhoamiResponse(parsing: response.body)
        } catch {
            throw AttemptFailure(strange("an answer that cannot be read: \(error)"))
        }
    }

    /// The gateway's answer of 200; everything else is a failure.
    private func post(
        _ path: String, _ type: ClientHTTPRequest.Header?, _ body: [UInt8], presenting token: Secret,
        until deadline: Deadline
    ) throws(AttemptFailure) -> ClientHTTPResponse {
        let headers: [ClientHTTPRequest.Header?] = [
            .init("Authorization", .bearer(token)), type,
            .init("Accept", .text("application/json, application/problem+json")),
        ]
        let request = ClientHTTPRequest(
            .post, url.appendingPath(path), through: proxy, headers: headers.compactMap(\.self), body: body)
        let response: ClientHTTPResponse
        do throws(ClientHTTPError) {
            response = try http.send(request, until: deadline)
        } catch {
            throw AttemptFailure(
                error, ClientFailure(error, server: "\(Self.server) at \(url.origin)", setting: Self.setting))
        }
        guard response.status == 200 else { throw refusal(response, token) }
        return response
    }

    private func credentials(in response: ClientHTTPResponse) throws(AttemptFailure) -> CredentialsResponse {
        do throws(WireError) {
            return try CredentialsResponse(parsing: response.body)
        } catch {
            throw AttemptFailure(strange("an answer that cannot be read: \(error)"))
        }
    }

    private func strange(_ what: String) -> ClientFailure {
        ClientFailure(
            .gatewayAnswerInvalid,
            event: "the gateway at \(url.origin) gave \(what)",
            remedy:
                "Check that gateway_url names a vela-aws-gateway of this version's kind; if so, tell those who run it.")
    }

    private func refusal(_ response: ClientHTTPResponse, _ token: Secret) -> AttemptFailure {
        let problem: Problem? = response.body.withBytes { try? Problem(parsing: $0) }  // HTML is as good a reason.
        guard let problem else {
            return AttemptFailure(
                ClientFailure(
                    .gatewayAnswerInvalid,
                    event:
                        "something that is not a vela-aws-gateway answered at \(url.origin) "
                        + "with status \(response.status)",
                    remedy: "Check gateway_url; if it is right, ask those who run the proxy or load balancer before it."
                ))
        }
        let words = Printable.quote(problem.detail.isEmpty ? problem.title : problem.detail, hiding: [token])
        let code = Printable.quote(problem.code, hiding: [token])
        let id = Printable.quote(problem.requestID, hiding: [token])
        let failure = ClientFailure(
            .gatewayRefused,
            event: "the gateway refused (\(response.status) \(code)): \(words)",
            remedy: ProblemCode(rawValue: problem.code)?.remedy ?? "Ask those who run the gateway.",
            requestID: id.isEmpty ? nil : id, code: code)
        return AttemptFailure(
            failure, retry: problem.retryable ? .sent(after: response.retryAfter) : .never)
    }
}
