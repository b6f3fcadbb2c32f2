import Foundation
import FoundationNetworking
import StrictJSON

/// An HTTP answer as it came.
struct Answer: Sendable {
    let status: Int
    /// By lower-case names.
    let headers: [String: String]
    let body: [UInt8]

    var text: String { String(decoding: body, as: UTF8.self) }

    /// The body as a JSON object.
    var object: JSONObject {
        get throws {
            guard let object = try JSONValue(parsing: body).object else { throw Unexpected("no object: \(text)") }
            return object
        }
    }

    /// The code of a problem; nil when the body is none.
    var code: String? { (try? object)?["code"]?.string }  // Whatever else it is, it has no code.

    /// The text of a member; an error when it is not there.
    func string(_ name: String) throws -> String {
        guard let text = try object[name]?.string else { throw Unexpected("no \(name) in \(status) \(text)") }
        return text
    }
}

/// Sends a GET, or a POST where there is a body.
func http(_ url: String, body: String? = nil, headers: [String: String] = [:]) async throws -> Answer {
    guard let address = URL(string: url) else { throw Unexpected("no URL: \(url)") }
    var request = URLRequest(url: address, cachePolicy: .reloadIgnoringLocalCacheData)
    request.httpMethod = body == nil ? "GET" : "POST"
    request.httpBody = body.map { Data($0.utf8) }
    for (name, value) in headers { request.setValue(value, forHTTPHeaderField: name) }
    let (data, response) = try await send(request)
    guard let response = response as? HTTPURLResponse else { throw Unexpected("no HTTP answer from \(url)") }
    let fields = response.allHeaderFields.compactMap { name, value in
        (name as? String).map { ($0.lowercased(), "\(value)") }
    }
    return Answer(status: response.statusCode, headers: Dictionary(fields) { first, _ in first }, body: Array(data))
}

/// Sends a request that ends by itself, by an answer or a time-out.
///
/// `URLSession.data(for:)` is not used: when its task is cancelled at the moment the answer comes, Foundation on Linux locks
/// itself (seen with Swift 6.3.1: `URLSessionTask.cancel` waits for the queue that resumes the task that is being cancelled).
private func send(_ request: URLRequest) async throws -> (Data, URLResponse?) {
    try await withCheckedThrowingContinuation { continuation in
        session.dataTask(with: request) { data, response, error in
            if let error {
                continuation.resume(throwing: error)
            } else {
                continuation.resume(returning: (data ?? Data(), response))
            }
        }.resume()
    }
}

private let session = URLSession(configuration: .ephemeral)
