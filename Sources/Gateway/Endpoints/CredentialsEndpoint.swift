import ExchangeAPI
import ExchangeCore
import MicroHTTPD
import Secrets
import StrictJSON

/// `POST /v1/credentials`: JSON in, credentials or a problem out.
struct CredentialsEndpoint: Sendable {
    let exchange: Exchange

    func respond(to request: HTTPRequest) async -> HTTPResponse {
        let call = exchange.call(request)
        do throws(Refusal) {
            let issued = try await exchange.answer(call, of: .credentials) { () throws(Refusal) in
                PresentedRequest(
                    token: try bearerToken(of: request),
                    request: try ExchangeRequest(CredentialsRequest(refusing: request.body)))
            }
            return .credentials(CredentialsResponse(issued, requestID: call.requestID), requestID: call.requestID)
        } catch {
            return .problem(error.problem, requestID: call.requestID)
        }
    }

    private func bearerToken(of request: HTTPRequest) throws(Refusal) -> Secret {
        guard let token = request.authorization?.bearerToken else { throw .tokenMissing }
        return token
    }
}

extension Secret {
    /// What follows `Bearer ` (the scheme without regard to case, RFC 9110 section 11.1); nil for another scheme or nothing.
    var bearerToken: Secret? {
        let scheme = Array("bearer ".utf8)
        return withBytes { bytes in
            guard bytes.count > scheme.count else { return nil }
            for index in scheme.indices where bytes[index] | 0x20 != scheme[index] { return nil }
            return Secret(bytes.extracting(scheme.count...))
        }
    }
}

extension CredentialsRequest {
    fileprivate init(refusing body: Secret) throws(Refusal) {
        let bytes = body.withBytes { [UInt8]($0) }
        do throws(WireError) { self = try CredentialsRequest(parsing: bytes) } catch {
            throw .invalidRequest("\(error)")
        }
    }
}

extension HTTPResponse {
    fileprivate static func credentials(_ response: CredentialsResponse, requestID: RequestID) -> HTTPResponse {
        HTTPResponse(
            status: 200,
            headers: [
                (name: "Content-Type", value: "application/json"), (name: "Cache-Control", value: "no-store"),
                (name: "X-Request-Id", value: requestID.description),
            ],
            body: .secret(response.encoded()))
    }
}
