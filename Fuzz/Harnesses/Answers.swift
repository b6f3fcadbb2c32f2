import Secrets
import StrictJSON

@testable import ClientHTTP

/// The client's reader of HTTP answers: the same bytes mean the same however the network cuts them.
func fuzzAnswers(_ bytes: [UInt8]) {
    guard let url = try? HTTPURL(parsing: "http://127.0.0.1/") else { fatalError("no URL") }
    let request = ClientHTTPRequest(.get, url)
    let whole = outcome(of: bytes, cutAfter: max(bytes.count, 1), to: request)
    for size in [1, 7] {
        precondition(outcome(of: bytes, cutAfter: size, to: request) == whole, "cut after \(size) it reads differently")
    }
}

/// What the reader makes of an answer, in words.
private func outcome(of bytes: [UInt8], cutAfter size: Int, to request: ClientHTTPRequest) -> String {
    var reader = ResponseReader(CutStream(bytes, size: size), until: .after(.seconds(600)))
    do throws(ClientHTTPError) {
        let response = try reader.read(to: request)
        precondition(response.body.count <= ResponseReader.bodyLimit)
        return "\(response.status) \(response.headers) \(response.body.withBytes { [UInt8]($0) })"
    } catch {
        return "\(error)"
    }
}

/// A stream that gives its bytes in pieces and then ends.
private final class CutStream: ByteStream {
    private var rest: ArraySlice<UInt8>
    private let size: Int

    init(_ bytes: [UInt8], size: Int) {
        rest = bytes[...]
        self.size = size
    }

    func write(_ bytes: Secret, until deadline: Deadline) {}

    func read(until deadline: Deadline) -> Secret? {
        guard !rest.isEmpty else { return nil }
        let piece = rest.prefix(size)
        rest = rest.dropFirst(size)
        return Secret(Array(piece).span)
    }
}
