import ExchangeCore
import MicroHTTPD
import Secrets

/// `POST /` and `POST /sts/<profile>`: the STS query protocol for unmodified AWS SDKs. Form in, AWS's XML out.
struct STSFrontEndpoint: Sendable {
    let exchange: Exchange
    /// By their names.
    let profiles: [String: STSProfile]

    func respond(to request: HTTPRequest) async -> HTTPResponse {
        let call = exchange.call(request)
        do throws(Refusal) {
            let issued = try await exchange.answer(call, of: .sts) { () throws(Refusal) in
                let profile = try profile(named: STSProfile.name(in: request.path))
                let asked = try AssumeRoleQuery.read(form(of: request))
                return PresentedRequest(token: asked.token, request: profile.filling(asked.request))
            }
            return .assumedRole(issued, requestID: call.requestID)
        } catch {
            return .stsError(error.stsError, requestID: call.requestID)
        }
    }

    /// Nil, for `/`, is the profile that fills nothing.
    private func profile(named name: String?) throws(Refusal) -> STSProfile {
        guard let name else { return STSProfile() }
        guard let profile = profiles[name] else {
            throw .invalidRequest(
                """
                this gateway has no profile \(name.shownAsParameter). Correct what follows /sts/ in AWS_ENDPOINT_URL_STS, or ask \
                the gateway's operator to add the profile to the setting sts_profiles
                """)
        }
        return profile
    }

    private func form(of request: HTTPRequest) throws(Refusal) -> FormFields {
        guard request.query == nil else {
            throw .invalidRequest("parameters belong into the body: what stands in the address is logged on its way")
        }
        return try request.body.withBytes { (body) throws(Refusal) in try FormFields(parsing: body) }
    }
}
