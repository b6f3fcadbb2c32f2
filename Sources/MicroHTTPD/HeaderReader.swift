import CMicroHTTPD
import Secrets

/// A request's fields as libmicrohttpd has them, checked.
@safe struct HeaderReader {
    private var validation = HeaderValidation()
    private var layout: LineLayout
    private var fault: HTTPFault?

    private init(layout: LineLayout) {
        self.layout = layout
    }

    /// Reads and checks all fields of the request now on `connection`. In its first access callback only: `version`
    /// and the fields point into the connection's memory.
    static func read(
        _ connection: OpaquePointer, version: UnsafePointer<CChar>, targetEnd: UInt
    ) throws(HTTPFault) -> HeaderValidation {
        var reader = unsafe HeaderReader(layout: LineLayout(targetEnd: targetEnd, version: version))
        // The iterator runs inside this call and is the only one to touch `reader` meanwhile.
        unsafe withUnsafeMutablePointer(to: &reader) { reader in
            _ = unsafe MHD_get_connection_values_n(connection, .HEADER_KIND, headerIterator, reader)
        }
        if let fault = reader.fault { throw fault }
        guard reader.layout.isWhole else { throw .lineStructure }
        let isHTTP10 = unsafe String(cString: version) == "HTTP/1.0"
        try reader.validation.finish(isHTTP10: isHTTP10)
        return reader.validation
    }

    /// Takes one field, unless one before was refused.
    fileprivate mutating func take(name: UnsafeBufferPointer<CChar>, value: UnsafeBufferPointer<CChar>) {
        guard fault == nil, let nameStart = name.baseAddress, let valueStart = value.baseAddress else { return }
        unsafe layout.next(name: nameStart, value: valueStart, length: value.count)
        do {
            let name = unsafe UnsafeRawBufferPointer(name).bindMemory(to: UInt8.self)
            let value = unsafe UnsafeRawBufferPointer(value).bindMemory(to: UInt8.self)
            try unsafe validation.take(name: name.span, value: value.span)
        } catch {
            fault = error
        }
    }
}

/// Called for each field, inside `HeaderReader.read`. A field without a value has no pointer to one: `take` skips
/// none, because header lines always have a colon and so a value, if an empty one.
private func headerIterator(
    _ reader: UnsafeMutableRawPointer?, _ kind: MHD_ValueKind, _ name: UnsafePointer<CChar>?, _ nameLength: Int,
    _ value: UnsafePointer<CChar>?, _ valueLength: Int
) -> MHD_Result {
    guard let reader = unsafe reader?.assumingMemoryBound(to: HeaderReader.self) else { return .NO }
    unsafe reader.pointee.take(
        name: UnsafeBufferPointer(start: name, count: nameLength),
        value: UnsafeBufferPointer(start: value, count: valueLength))
    return .YES
}
