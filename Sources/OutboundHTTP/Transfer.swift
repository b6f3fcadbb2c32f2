import CCurl
import Secrets

/// One request on one easy handle, and what came back so far. Used by the loop's thread alone.
///
/// libcurl holds unretained pointers to it, to the request's body and to `message`: the loop keeps it until the handle
/// is off the multi handle.
@safe final class Transfer {
    let order: TransferOrder
    let handle: EasyHandle
    /// Set just before libcurl writes the first byte of the request.
    fileprivate(set) var isRequestSent = false

    private var body = SecretBuilder(capacity: 4096)
    private var head = ResponseHead()
    private var exceeded: Int?
    let headerLines: HeaderLines
    // libcurl's own text about a failure. Allocated in init, freed in deinit.
    let message: UnsafeMutablePointer<CChar>

    /// Sets up `handle` for the order.
    init(
        _ order: TransferOrder, on handle: EasyHandle, configuration: OutboundConfiguration
    ) throws(OutboundFailure) {
        self.order = order
        self.handle = handle
        headerLines = try HeaderLines(order.request)
        unsafe message = .allocate(capacity: Int(CURL_ERROR_SIZE))
        unsafe message.initialize(repeating: 0, count: Int(CURL_ERROR_SIZE))
        try handle.configureConnection(configuration, scheme: order.request.url.scheme)
        try configureRequest()
        try configureCallbacks()
    }

    deinit {
        unsafe message.deallocate()
    }

    /// What a transfer that libcurl finished with `result` comes to.
    func outcome(of result: CURLcode) -> Result<OutboundResponse, OutboundFailure> {
        if let exceeded { return .failure(.tooLarge(limit: exceeded)) }
        guard result == CURLE_OK else { return .failure(failure(of: result)) }
        guard head.isComplete else { return .failure(.interrupted("the connection closed amid the headers")) }
        var body = SecretBuilder(capacity: 1)
        swap(&body, &self.body)
        return .success(OutboundResponse(status: handle.responseStatus, fields: head.fields, body: body.finish()))
    }

    private func failure(of result: CURLcode) -> OutboundFailure {
        let detail = unsafe String(cString: message)
        let reason = detail.isEmpty ? unsafe String(cString: curl_easy_strerror(result)) : detail
        return OutboundFailure(
            result, reason: reason, isRequestSent: isRequestSent, maximumBytes: order.request.maximumBytes)
    }
}

// MARK: What libcurl tells, on the loop's thread

extension Transfer {
    fileprivate func take(body bytes: Span<UInt8>) -> Bool {
        guard bytes.count <= order.request.maximumBytes - body.count else {
            exceeded = order.request.maximumBytes
            return false
        }
        body.append(bytes)
        return true
    }

    fileprivate func take(headerLine bytes: Span<UInt8>) -> Bool {
        guard head.take(line: bytes) else {
            exceeded = ResponseHead.maximumBytes
            return false
        }
        return true
    }

    private func configureCallbacks() throws(OutboundFailure) {
        // Unretained: see the type's comment.
        let context = unsafe Unmanaged.passUnretained(self).toOpaque()
        try unsafe handle.set(CURLOPT_WRITEFUNCTION, toCallback: takeBody)
        try unsafe handle.set(CURLOPT_WRITEDATA, toPointer: context)
        try unsafe handle.set(CURLOPT_HEADERFUNCTION, toCallback: takeHeaderLine)
        try unsafe handle.set(CURLOPT_HEADERDATA, toPointer: context)
        try unsafe handle.setBeforeRequest(noteRequest)
        try unsafe handle.set(CURLOPT_PREREQDATA, toPointer: context)
    }
}

/// CURLOPT_WRITEFUNCTION: returning anything but the size ends the transfer.
private func takeBody(
    _ bytes: UnsafeMutablePointer<CChar>?, _ size: Int, _ count: Int, _ context: UnsafeMutableRawPointer?
) -> Int {
    unsafe give(bytes, size * count, to: context) { $0.take(body: $1) }
}

/// CURLOPT_HEADERFUNCTION: one whole line a call, status lines and the empty line included.
private func takeHeaderLine(
    _ bytes: UnsafeMutablePointer<CChar>?, _ size: Int, _ count: Int, _ context: UnsafeMutableRawPointer?
) -> Int {
    unsafe give(bytes, size * count, to: context) { $0.take(headerLine: $1) }
}

/// CURLOPT_PREREQFUNCTION: the connection stands, TLS included, and the request goes out next.
///
/// libcurl comes here a second time when a kept-alive connection died without an answer, to send the request again by
/// itself. A POST may have been acted on: whether it is sent again is the caller's to decide.
private func noteRequest(
    _ context: UnsafeMutableRawPointer?, _: UnsafeMutablePointer<CChar>?, _: UnsafeMutablePointer<CChar>?,
    _: Int32, _: Int32
) -> Int32 {
    guard let context = unsafe context else { return Int32(CURL_PREREQFUNC_ABORT) }
    // The pointer that `configureCallbacks` set; the loop keeps the transfer alive.
    let transfer = unsafe Unmanaged<Transfer>.fromOpaque(context).takeUnretainedValue()
    if transfer.isRequestSent, transfer.order.request.method == .post { return Int32(CURL_PREREQFUNC_ABORT) }
    transfer.isRequestSent = true
    return Int32(CURL_PREREQFUNC_OK)
}

/// Lends libcurl's buffer to the transfer behind `context` for one call.
private func give(
    _ bytes: UnsafeMutablePointer<CChar>?, _ count: Int, to context: UnsafeMutableRawPointer?,
    _ take: (Transfer, Span<UInt8>) -> Bool
) -> Int {
    guard let bytes = unsafe bytes, let context = unsafe context else { return 0 }
    // The pointer that `configureCallbacks` set; the loop keeps the transfer alive.
    let transfer = unsafe Unmanaged<Transfer>.fromOpaque(context).takeUnretainedValue()
    // libcurl's buffer, valid until we return.
    let isTaken = unsafe bytes.withMemoryRebound(to: UInt8.self, capacity: count) { start in
        take(transfer, unsafe UnsafeBufferPointer(start: start, count: count).span)
    }
    return isTaken ? count : 0
}
