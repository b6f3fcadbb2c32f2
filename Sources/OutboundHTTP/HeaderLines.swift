import CCurl
import Secrets

/// A request's header lines as libcurl's list. The bytes are wiped when it goes.
@safe final class HeaderLines {
    // Grown in init, freed in deinit; libcurl reads it while the transfer runs.
    private(set) var list: UnsafeMutablePointer<curl_slist>?

    /// Checks and joins names and values. A line break in one would forge another header or a second request.
    init(_ request: OutboundRequest) throws(OutboundFailure) {
        // Empty: libcurl is not to ask for "100 Continue" and wait a second for servers that never say it.
        try unsafe append("Expect:")
        for (name, value) in request.headers { try append(name: name, value: Secret(value)) }
        for (name, value) in request.secretHeaders { try append(name: name, value: value) }
    }

    deinit {
        unsafe vela_curl_list_wipe_and_free(list)
    }

    private func append(name: String, value: Secret) throws(OutboundFailure) {
        guard !name.isEmpty, name.utf8.allSatisfy(isTokenByte) else {
            throw .invalidRequest("a header's name is no token")
        }
        let isClean = value.withBytes { bytes in
            bytes.indices.allSatisfy { bytes[$0] == 0x09 || (bytes[$0] >= 0x20 && bytes[$0] != 0x7F) }
        }
        guard isClean else { throw .invalidRequest("the header \(name) holds a control character") }
        var line = SecretBuilder(capacity: name.utf8.count + value.count + 3)
        line.append(Array(name.utf8).span)
        // A name with ";" instead of ":" is libcurl's way to send an empty value.
        line.append(Array((value.isEmpty ? ";" : ": ").utf8).span)
        value.withBytes { line.append($0) }
        line.append(0)
        try line.finish().withBytes { (bytes) throws(OutboundFailure) in
            try unsafe bytes.withUnsafeBufferPointer { (buffer) throws(OutboundFailure) in
                try unsafe buffer.withMemoryRebound(to: CChar.self) { (text) throws(OutboundFailure) in
                    try unsafe append(text.baseAddress)
                }
            }
        }
    }

    /// Appends a copy of the zero-terminated `line`.
    private func append(_ line: UnsafePointer<CChar>?) throws(OutboundFailure) {
        guard let longer = unsafe curl_slist_append(list, line) else { throw .invalidRequest("out of memory") }
        unsafe list = unsafe longer
    }
}

/// RFC 9110 section 5.6.2.
private func isTokenByte(_ byte: UInt8) -> Bool {
    switch byte {
    case 0x30...0x39, 0x41...0x5A, 0x61...0x7A: true
    default: "!#$%&'*+-.^_`|~".utf8.contains(byte)
    }
}
