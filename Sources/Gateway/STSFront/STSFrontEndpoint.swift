import ExchangeCore
import MicroHTTPD
import Secrets

/// `POST /` and `POST /sts/<profile>`: the STS query protocol for unmodified AWS SDKs. Form in, AWS's XML out.
struct STSFrontEndpoint: Sendable {
    let exchange: Exchange

    /// `profile` names defaults of the policy for what the request leaves out.
    func respond(to request: HTTPRequest, profile: String? = nil) async -> HTTPResponse {
        let call = exchange.call(request)
        do throws(Refusal) {
            let issued = try await exchange.answer(call, of: .sts) { () throws(Refusal) in
                var asked = try AssumeRoleQuery.read(form(of: request))
                if let profile { try fill(&asked.request, by: profile) }
                return asked
            }
            return .assumedRole(issued, requestID: call.requestID)
        } catch {
            return .stsError(error.stsError, requestID: call.requestID)
        }
    }

    /// The policy judges what comes out as if the caller had asked for it.
    private func fill(_ request: inout ExchangeRequest, by name: String) throws(Refusal) {
        guard let profile = exchange.policies.current.stsProfile(name) else {
            throw .invalidRequest(
                "the gateway's policy has no profile of the name that stands behind /sts/ in AWS_ENDPOINT_URL_STS; its operator can add it under sts_profiles, and without one the address ends in /"
            )
        }
        profile.fill(&request)
    }

    private func form(of request: HTTPRequest) throws(Refusal) -> FormFields {
        guard request.query == nil else {
            throw .invalidRequest("parameters belong into the body: what stands in the address is logged on its way")
        }
        return try request.body.withBytes { (body) throws(Refusal) in try FormFields(parsing: body) }
    }
}
