import StrictJSON

/// An error answer, RFC 9457 `application/problem+json`.
package struct Problem: Sendable, Equatable {
    /// One of `ProblemCode`'s raw values; text, so that an older client can read a newer gateway's.
    package var code: String
    package var title: String
    package var status: Int
    /// A sentence for a person: what is wrong and what to do.
    package var detail: String
    /// Whether the same request can succeed later. The only thing a client goes by.
    package var retryable: Bool
    package var requestID: String

    package init(code: String, title: String, status: Int, detail: String, retryable: Bool, requestID: String) {
        self.code = code
        self.title = title
        self.status = status
        self.detail = detail
        self.retryable = retryable
        self.requestID = requestID
    }

    /// The media type of `bytes`.
    package static let mediaType = "application/problem+json"
}

extension Problem {
    /// The JSON document. `type` is the page about this code, relative to the gateway.
    package var bytes: [UInt8] {
        var writer = JSONWriter(into: [UInt8]())
        writer.beginObject()
        writer.member("type", "/errors/\(code)")
        writer.member("title", title)
        writer.member("status", status)
        writer.member("detail", detail)
        writer.member("code", code)
        writer.member("retryable", retryable)
        writer.member("request_id", requestID)
        writer.endObject()
        return writer.finish()
    }

    /// Reads a problem; members that RFC 9457 or a newer gateway adds are passed over.
    package init(parsing body: Span<UInt8>) throws(WireError) {
        let value: JSONValue
        do throws(JSONError) {
            value = try JSONValue(parsing: body)
        } catch {
            throw WireError("the answer is not valid JSON: \(error)")
        }
        guard let object = value.object else { throw WireError("the answer is not a JSON object") }
        let reader = FieldReader(object)
        self.init(
            code: try reader.requiredString("code"),
            title: try reader.string("title") ?? "",
            status: try reader.integer("status") ?? 0,
            detail: try reader.string("detail") ?? "",
            retryable: try reader.bool("retryable") ?? false,
            requestID: try reader.string("request_id") ?? "")
    }
}
