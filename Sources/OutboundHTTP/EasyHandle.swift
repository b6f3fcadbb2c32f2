import CCurl

/// One libcurl easy handle with checked, typed options.
///
/// `@unchecked Sendable`: it may go from thread to thread, and one at a time uses it.
@safe final class EasyHandle: @unchecked Sendable {
    // Made in init and freed in deinit.
    let pointer: UnsafeMutableRawPointer
    // libcurl's own text about a failure. Allocated in init, freed in deinit, after the handle.
    private let message: UnsafeMutablePointer<CChar>

    init() throws(OutboundFailure) {
        guard let pointer = unsafe curl_easy_init() else { throw .cannotConnect("curl_easy_init failed") }
        unsafe self.pointer = unsafe pointer
        unsafe message = .allocate(capacity: Int(CURL_ERROR_SIZE))
        unsafe message.initialize(repeating: 0, count: Int(CURL_ERROR_SIZE))
        try unsafe set(CURLOPT_ERRORBUFFER, toPointer: message)
    }

    deinit {
        unsafe curl_easy_cleanup(pointer)
        unsafe message.deallocate()
    }

    func set(_ option: CURLoption, to value: Int) throws(OutboundFailure) {
        try check(unsafe vela_curl_set_long(pointer, option, value))
    }

    func set(_ option: CURLoption, to value: Bool) throws(OutboundFailure) {
        try set(option, to: value ? 1 : 0)
    }

    /// libcurl copies the text.
    func set(_ option: CURLoption, to value: String) throws(OutboundFailure) {
        try check(unsafe vela_curl_set_string(pointer, option, value))
    }

    /// libcurl keeps the pointer: what it points to must live as long as the handle. Nil restores nothing.
    func set(_ option: CURLoption, toPointer value: UnsafeRawPointer?) throws(OutboundFailure) {
        try check(unsafe vela_curl_set_pointer(pointer, option, value))
    }

    /// What libcurl says about `result`, the failure of its last call.
    func reason(of result: CURLcode) -> String {
        let detail = unsafe String(cString: message)
        return detail.isEmpty ? unsafe String(cString: curl_easy_strerror(result)) : detail
    }

    private func check(_ result: CURLcode) throws(OutboundFailure) {
        guard result == CURLE_OK else {
            throw .invalidRequest(unsafe String(cString: curl_easy_strerror(result)))
        }
    }
}
