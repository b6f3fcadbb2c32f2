import StrictJSON
import Testing

/// A document of a table: its bytes, and the refusal that is expected of the parser, or none.
struct Document: Sendable, CustomTestStringConvertible {
    let bytes: [UInt8]
    let fault: JSONError?

    /// A document to be refused for `reason` at the byte `offset`.
    init(_ text: String, _ reason: JSONError.Reason, at offset: Int) {
        self.init(bytes: Array(text.utf8), reason, at: offset)
    }

    init(bytes: [UInt8], _ reason: JSONError.Reason, at offset: Int) {
        self.bytes = bytes
        fault = JSONError(reason: reason, offset: offset)
    }

    var testDescription: String { String(decoding: bytes.prefix(60), as: UTF8.self) }
}

/// The error of a parse that fails; nil for one that succeeds.
func fault(in bytes: [UInt8], limits: JSONLimits = JSONLimits()) -> JSONError? {
    do throws(JSONError) {
        _ = try JSONValue(parsing: bytes, limits: limits)
        return nil
    } catch {
        return error
    }
}
