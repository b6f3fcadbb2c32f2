import ExchangeCore
import MicroHTTPD
import Secrets

/// `POST /`: the STS query protocol for unmodified AWS SDKs. Form in, AWS's XML out.
struct STSFrontEndpoint: Sendable {
    let exchange: Exchange

    func respond(to request: HTTPRequest) async -> HTTPResponse {
        let call = exchange.call(request)
        do throws(Refusal) {
            let issued = try await exchange.answer(call, of: .sts) { () throws(Refusal) in
                try AssumeRoleQuery.read(form(of: request))
            }
            return .assumedRole(issued, requestID: call.requestID)
        } catch {
            return .stsError(error.stsError, requestID: call.requestID)
        }
    }

    private func form(of request: HTTPRequest) throws(Refusal) -> FormFields {
        guard request.query == nil else {
            throw .invalidRequest("parameters belong into the body: what stands in the address is logged on its way")
        }
        return try request.body.withBytes { (body) throws(Refusal) in try FormFields(parsing: body) }
    }
}
