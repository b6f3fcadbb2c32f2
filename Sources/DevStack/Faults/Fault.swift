import MicroHTTPD
import StrictJSON

/// Something that goes wrong on request: what, where and how often.
struct Fault: Sendable {
    /// The answer it strikes (`discovery`, `jwks`, `id_token`, or an STS action); nil for any.
    var place: String?
    /// How many answers it strikes; nil for all until the faults are set anew.
    var remaining: Int?
    /// How long the answer is held back.
    var delay: Duration?
    var effect: Effect

    /// What becomes of the answer.
    enum Effect: Sendable {
        /// Nothing, but for the delay: lets the next fault of the list wait for the answer after this one.
        case untouched
        /// An error in the form of the service.
        case error(code: String, status: Int, message: String)
        /// This answer instead.
        case answer(HTTPResponse)
        /// The second half of the document is missing; the length in the header is that of the rest.
        case truncate
        /// The XML element of this name is empty.
        case emptyField(String)
        /// The assumed role is of another account.
        case wrongAccount
        /// The credentials have expired.
        case expired
        /// The credentials expire so long from now, whatever was asked for.
        case lifetime(Duration)
        /// The connection ends without an answer.
        case close
    }
}

extension Fault {
    /// Reads one element of a fault list.
    init(_ value: JSONValue) throws(DevStackError) {
        guard let object = value.object else { throw .invalidRequest("a fault must be a JSON object") }
        var fields = FieldReader(object)
        place = try fields.string("on")
        let times = try fields.integer("times") ?? 1
        guard (1...1_000_000).contains(times) else { throw .invalidRequest("times must be 1 to 1000000") }
        remaining = try fields.bool("sticky") == true ? nil : Int(times)
        if let milliseconds = try fields.integer("delay_ms") { delay = .milliseconds(milliseconds) }
        effect = try Effect(reading: &fields)
        try fields.end()
    }
}

extension Fault.Effect {
    fileprivate init(reading fields: inout FieldReader) throws(DevStackError) {
        let status = Int(try fields.integer("status") ?? 0)
        guard status == 0 || (200...599).contains(status) else { throw .invalidRequest("status must be 200 to 599") }
        let message = try fields.string("message")
        if let code = try fields.string("code") {
            self = .error(code: code, status: status == 0 ? 400 : status, message: message ?? "\(code), as asked for.")
        } else if let answer = try HTTPResponse(reading: &fields, status: status, message: message) {
            self = .answer(answer)
        } else {
            self = try Self.distortion(reading: &fields)
        }
    }

    private static func distortion(reading fields: inout FieldReader) throws(DevStackError) -> Self {
        if try fields.bool("truncate") == true { return .truncate }
        if let name = try fields.string("empty_field") { return .emptyField(name) }
        if try fields.bool("wrong_account") == true { return .wrongAccount }
        if try fields.bool("expired") == true { return .expired }
        if let seconds = try fields.integer("lifetime_s") {
            guard (1...43_200).contains(seconds) else { throw .invalidRequest("lifetime_s must be 1 to 43200") }
            return .lifetime(.seconds(seconds))
        }
        return try fields.bool("close") == true ? .close : .untouched
    }
}

extension HTTPResponse {
    /// The answers that replace a whole one: `html`, `garbage`, `redirect`, `body`, or a bare `status`.
    fileprivate init?(reading fields: inout FieldReader, status: Int, message: String?) throws(DevStackError) {
        if try fields.bool("html") == true {
            self.init(status: status == 0 ? 200 : status, headers: [("Content-Type", "text/html")], body: .bytes(page))
        } else if try fields.bool("garbage") == true {
            self.init(
                status: status == 0 ? 200 : status, headers: [("Content-Type", "text/xml")], body: .bytes(garbage))
        } else if let location = try fields.string("redirect") {
            self.init(status: status == 0 ? 302 : status, headers: [("Location", location)])
        } else if let body = try fields.string("body") {
            let type = try fields.string("content_type") ?? "application/json"
            self.init(
                status: status == 0 ? 200 : status, headers: [("Content-Type", type)], body: .bytes(Array(body.utf8)))
        } else if status != 0 {
            self = .text(status, message ?? "status \(status), as asked for")
        } else {
            return nil
        }
    }
}

private let page = Array("<!DOCTYPE html>\n<html><body><h1>Not what you asked for</h1></body></html>\n".utf8)

/// Bytes that are neither UTF-8, JSON nor XML.
private let garbage: [UInt8] = (0..<256).map { UInt8(truncatingIfNeeded: $0 &* 167 &+ 129) }
