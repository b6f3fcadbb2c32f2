import ExchangeCore
import OutboundHTTP
import Secrets
import StrictJSON

extension OutboundHTTPClient {
    /// Fetches discovery documents and key sets: at most 1 MiB (a thousand RSA keys are a third of it), 5 s, no redirects.
    func keyFetch() -> KeyFetch {
        { (url: String, allowPlaintext: Bool) async throws(KeyFetchFailure) -> [UInt8] in
            let request: OutboundRequest
            do throws(OutboundURLError) {
                request = OutboundRequest(
                    method: .get, url: try OutboundURL(parsing: url, allowingPlaintext: allowPlaintext),
                    headers: [(name: "Accept", value: "application/json")], deadline: .seconds(5), maximumBytes: 1 << 20
                )
            } catch {
                throw KeyFetchFailure("\(error)")
            }
            return try await self.document(request)
        }
    }

    private func document(_ request: OutboundRequest) async throws(KeyFetchFailure) -> [UInt8] {
        let response: OutboundResponse
        do throws(OutboundFailure) { response = try await send(request) } catch { throw KeyFetchFailure("\(error)") }
        guard response.status == 200 else {
            throw KeyFetchFailure("\(request.url) answered with HTTP \(response.status)")
        }
        return response.body.withBytes { [UInt8]($0) }
    }
}
