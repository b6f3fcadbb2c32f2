import CMicroHTTPD
import Glibc

// libmicrohttpd's way in. At file scope and nonisolated: a closure made in a task carries its isolation along and dies
// in libmicrohttpd. Each unpacks, calls the bridge, returns.
//
// `cls` is the daemon, unretained: its loop keeps it until it has stopped. `context` is the request's
// `Exchange`, retained in `targetCallback`, released in `completedCallback`, which comes once for each of the former.

/// A request's first line has come. The result becomes the request's context.
func targetCallback(
    _ cls: UnsafeMutableRawPointer?, _ target: UnsafePointer<CChar>?, _ connection: OpaquePointer?
) -> UnsafeMutableRawPointer? {
    guard let cls = unsafe cls, let connection = unsafe connection else { return nil }
    let daemon = unsafe Unmanaged<Daemon>.fromOpaque(cls).takeUnretainedValue()
    let length = unsafe target.map { unsafe strlen($0) } ?? 0
    let bytes = unsafe UnsafeRawBufferPointer(start: target, count: length).bindMemory(to: UInt8.self)
    let exchange = unsafe daemon.bridge.requestBegan(
        target: bytes.span, end: UInt(bitPattern: target) + UInt(length), socket: cmhd_socket(connection), on: daemon)
    return unsafe Unmanaged.passRetained(exchange).toOpaque()
}

/// Headers, body bytes, end of the body, and again when resumed. `NO` closes the connection.
func accessCallback(
    _ cls: UnsafeMutableRawPointer?, _ connection: OpaquePointer?, _ url: UnsafePointer<CChar>?,
    _ method: UnsafePointer<CChar>?, _ version: UnsafePointer<CChar>?, _ upload: UnsafePointer<CChar>?,
    _ uploadLength: UnsafeMutablePointer<Int>?, _ context: UnsafeMutablePointer<UnsafeMutableRawPointer?>?
) -> MHD_Result {
    guard let cls = unsafe cls, let connection = unsafe connection, let method = unsafe method,
        let version = unsafe version, let uploadLength = unsafe uploadLength, let raw = unsafe context?.pointee
    else { return .NO }
    let bridge = unsafe Unmanaged<Daemon>.fromOpaque(cls).takeUnretainedValue().bridge
    let exchange = unsafe Unmanaged<Exchange>.fromOpaque(raw).takeUnretainedValue()
    if case .readingHeaders = exchange.phase {
        return unsafe bridge.headersCame(connection, exchange, method: method, version: version)
    }
    let length = unsafe uploadLength.pointee
    guard length > 0 else { return unsafe bridge.goOn(connection, exchange) }
    // All of it is taken; the bytes are libmicrohttpd's and valid for this call.
    unsafe uploadLength.pointee = 0
    let bytes = unsafe UnsafeRawBufferPointer(start: upload, count: length).bindMemory(to: UInt8.self)
    return unsafe bridge.bodyCame(bytes.span, exchange)
}

/// A request has ended: answered, broken off, or cut by the end of the daemon.
func completedCallback(
    _ cls: UnsafeMutableRawPointer?, _ connection: OpaquePointer?,
    _ context: UnsafeMutablePointer<UnsafeMutableRawPointer?>?, _ how: MHD_RequestTerminationCode
) {
    guard let cls = unsafe cls, let raw = unsafe context?.pointee else { return }
    unsafe context?.pointee = nil
    let bridge = unsafe Unmanaged<Daemon>.fromOpaque(cls).takeUnretainedValue().bridge
    bridge.requestEnded(unsafe Unmanaged<Exchange>.fromOpaque(raw).takeRetainedValue())
}

/// A connection was taken by a thread, or is about to be closed.
func connectionCallback(
    _ cls: UnsafeMutableRawPointer?, _ connection: OpaquePointer?,
    _ context: UnsafeMutablePointer<UnsafeMutableRawPointer?>?, _ event: MHD_ConnectionNotificationCode
) {
    guard let cls = unsafe cls, let connection = unsafe connection else { return }
    let bridge = unsafe Unmanaged<Daemon>.fromOpaque(cls).takeUnretainedValue().bridge
    let socket = unsafe cmhd_socket(connection)
    switch event {
    case .CONNECTION_NOTIFY_STARTED:
        // For `certificateCallback`, which gets no closure argument.
        unsafe context?.pointee = unsafe cls
        if bridge.certificates?.current?.clients != nil, let session = unsafe cmhd_tls_session(connection) {
            unsafe ClientAuthorities.ask(session)
        }
        bridge.table.started(socket)
    case .CONNECTION_NOTIFY_CLOSED:
        bridge.table.remove(socket)
    @unknown default:
        break
    }
}

/// Leaves the path as sent: what is compared must be what a proxy in front has compared.
func unescapeCallback(
    _ cls: UnsafeMutableRawPointer?, _ connection: OpaquePointer?, _ text: UnsafeMutablePointer<CChar>?
) -> Int {
    unsafe text.map { unsafe strlen($0) } ?? 0
}
