import Secrets

/// Takes a request's header fields one by one and refuses what could be read in two ways.
///
/// libmicrohttpd's parser is lenient, so everything here is ours to check: behind a proxy that reads a request
/// otherwise, each leniency smuggles a second request (RFC 9112 section 11.2).
struct HeaderValidation {
    private(set) var headers = HTTPHeaders()
    private(set) var authorization: Secret?
    private(set) var contentLength: UInt64?
    private(set) var isChunked = false
    private var hasHost = false
    private var hasContentType = false

    /// Takes one field. `value` is as sent, white space after it included.
    mutating func take(name: Span<UInt8>, value: Span<UInt8>) throws(HTTPFault) {
        guard Self.isToken(name) else { throw .headerName }
        guard Self.isFieldValue(value) else { throw .headerValue }
        let text = Self.lowercased(name)
        let trimmed = value.extracting(first: Self.trimmedCount(value))
        switch text {
        case "host": try Self.once(&hasHost)
        case "content-type": try Self.once(&hasContentType)
        case "content-length": try takeContentLength(value)
        case "transfer-encoding": try takeTransferEncoding(value)
        case "authorization":
            guard authorization == nil else { throw .duplicateHeader }
            authorization = Secret(trimmed)
            return
        case "x-amz-security-token":
            return
        default: break
        }
        headers.append(name: text, value: Self.text(trimmed))
    }

    /// Checks the fields against each other. Once, at the end.
    func finish(isHTTP10: Bool) throws(HTTPFault) {
        if isChunked && isHTTP10 { throw .encodingBeforeHTTP11 }
        if isChunked && contentLength != nil { throw .lengthAndEncoding }
        if !hasHost && !isHTTP10 { throw .missingHost }
        // libmicrohttpd says 100, takes what follows for a body of no length, and closes without the answer. RFC 9110 section 10.1.1
        // forbids a client to send it.
        let awaitsContinue = headers["expect"]?.equalsIgnoringASCIICase("100-continue") ?? false
        if awaitsContinue && !isChunked && contentLength ?? 0 == 0 { throw .expectationWithoutBody }
    }

    private mutating func takeContentLength(_ value: Span<UInt8>) throws(HTTPFault) {
        guard contentLength == nil else { throw .duplicateHeader }
        // Digits only: UInt64's own parser would take a sign.
        let isDigits = value.indices.allSatisfy { (0x30...0x39).contains(value[$0]) }
        guard isDigits, let length = UInt64(Self.text(value)) else { throw .contentLength }
        contentLength = length
    }

    private mutating func takeTransferEncoding(_ value: Span<UInt8>) throws(HTTPFault) {
        guard !isChunked else { throw .duplicateHeader }
        guard Self.text(value).equalsIgnoringASCIICase("chunked") else { throw .transferEncoding }
        isChunked = true
    }

    private static func once(_ flag: inout Bool) throws(HTTPFault) {
        guard !flag else { throw .duplicateHeader }
        flag = true
    }

    /// RFC 9110 section 5.6.2.
    private static func isToken(_ name: Span<UInt8>) -> Bool {
        name.count > 0 && name.indices.allSatisfy { isTokenByte(name[$0]) }
    }

    private static func isTokenByte(_ byte: UInt8) -> Bool {
        switch byte {
        case 0x30...0x39, 0x41...0x5A, 0x61...0x7A: true
        case 0x21, 0x23...0x27, 0x2A, 0x2B, 0x2D, 0x2E, 0x5E, 0x5F, 0x60, 0x7C, 0x7E: true
        default: false
        }
    }

    /// RFC 9110 section 5.5: no control bytes but the tab.
    private static func isFieldValue(_ value: Span<UInt8>) -> Bool {
        // All of them and without a branch, so that the compiler makes it sixteen bytes at a time: a token is long.
        var found: UInt8 = 0
        for index in value.indices { found |= controlMark(value[index]) }
        return found == 0
    }

    /// 1 for a control byte that is no tab, else 0.
    private static func controlMark(_ byte: UInt8) -> UInt8 {
        let (isLow, isTab, isDelete) = (byte < 0x20, byte == 0x09, byte == 0x7F)
        return ((isLow ? 1 : 0) ^ (isTab ? 1 : 0)) | (isDelete ? 1 : 0)
    }

    private static func trimmedCount(_ value: Span<UInt8>) -> Int {
        var end = value.count
        while end > 0, value[end - 1] == 0x20 || value[end - 1] == 0x09 { end -= 1 }
        return end
    }

    private static func lowercased(_ name: Span<UInt8>) -> String {
        String(decoding: name.indices.map { name[$0].lowercasedASCII }, as: UTF8.self)
    }

    private static func text(_ value: Span<UInt8>) -> String {
        String(decoding: value.indices.map { value[$0] }, as: UTF8.self)
    }
}
