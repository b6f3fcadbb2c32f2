import CCurl

/// One libcurl easy handle with checked, typed options. Used by the loop's thread alone.
@safe final class EasyHandle {
    // Made in init and freed in deinit, after it was removed from the multi handle.
    let pointer: UnsafeMutableRawPointer

    /// How libcurl's messages name this handle.
    var address: UInt { unsafe UInt(bitPattern: pointer) }

    init() throws(OutboundFailure) {
        guard let pointer = unsafe curl_easy_init() else { throw .cannotConnect("curl_easy_init failed") }
        unsafe self.pointer = unsafe pointer
    }

    /// Makes a handle that keeps its TLS sessions in `sessions`, which must outlive it.
    convenience init(sharing sessions: UnsafeMutableRawPointer) throws(OutboundFailure) {
        try self.init()
        try unsafe set(CURLOPT_SHARE, toPointer: sessions)
    }

    deinit {
        unsafe curl_easy_cleanup(pointer)
    }

    /// Forgets all options but the share.
    func reset() {
        unsafe curl_easy_reset(pointer)
    }

    func add(to multi: UnsafeMutableRawPointer) throws(OutboundFailure) {
        let result = unsafe curl_multi_add_handle(multi, pointer)
        guard result == CURLM_OK else { throw .cannotConnect(unsafe String(cString: curl_multi_strerror(result))) }
    }

    /// False where libcurl refused: the handle must then not be used again.
    func remove(from multi: UnsafeMutableRawPointer) -> Bool {
        unsafe curl_multi_remove_handle(multi, pointer) == CURLM_OK
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

    /// For options whose value is an `off_t`.
    func set(_ option: CURLoption, toOffset value: Int) throws(OutboundFailure) {
        try check(unsafe vela_curl_set_offset(pointer, option, curl_off_t(value)))
    }

    /// libcurl keeps the pointer until `reset`: what it points to must live as long. Nil restores nothing.
    func set(_ option: CURLoption, toPointer value: UnsafeRawPointer?) throws(OutboundFailure) {
        try check(unsafe vela_curl_set_pointer(pointer, option, value))
    }

    /// libcurl keeps the list until `reset`: the caller frees it later.
    func set(_ option: CURLoption, toList value: UnsafeMutablePointer<curl_slist>?) throws(OutboundFailure) {
        try check(unsafe vela_curl_set_list(pointer, option, value))
    }

    func set(_ option: CURLoption, toCallback value: vela_curl_bytes_callback) throws(OutboundFailure) {
        try check(unsafe vela_curl_set_bytes_callback(pointer, option, value))
    }

    func setBeforeRequest(_ value: curl_prereq_callback) throws(OutboundFailure) {
        try check(unsafe vela_curl_set_prereq_callback(pointer, value))
    }

    /// The status of the last answer, 0 where there was none.
    var responseStatus: Int {
        var status = 0
        let result = unsafe vela_curl_get_long(pointer, CURLINFO_RESPONSE_CODE, &status)
        return result == CURLE_OK ? status : 0
    }

    private func check(_ result: CURLcode) throws(OutboundFailure) {
        guard result == CURLE_OK else {
            throw .invalidRequest(unsafe String(cString: curl_easy_strerror(result)))
        }
    }
}
