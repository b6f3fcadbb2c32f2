import CMicroHTTPD
import Secrets

/// Turns an answer into libmicrohttpd's and queues it.
enum ResponseQueue {
    /// What became of an answer.
    enum Outcome { case queued, unusable, failed }

    /// Queues `response` on `connection`, in one of its callbacks. `unusable` when a field holds a control byte or
    /// the status is none: nothing is queued then. `failed` when the connection must be given up.
    static func queue(_ response: HTTPResponse, on connection: OpaquePointer, closing: Bool) -> Outcome {
        guard (200...599).contains(response.status) else { return .unusable }
        guard let raw = unsafe make(response.body) else { return .failed }
        // Queuing takes a reference of its own; ours ends here.
        defer { unsafe MHD_destroy_response(raw) }
        guard unsafe add(response.headers, closing: closing, to: raw) else { return .unusable }
        return unsafe MHD_queue_response(connection, UInt32(response.status), raw) == .YES ? .queued : .failed
    }

    private static func make(_ body: HTTPBody) -> OpaquePointer? {
        switch body {
        case .bytes(let bytes):
            // Copied by libmicrohttpd before the call returns.
            unsafe bytes.withUnsafeBytes { bytes in
                unsafe MHD_create_response_from_buffer(
                    bytes.count, UnsafeMutableRawPointer(mutating: bytes.baseAddress), .RESPMEM_MUST_COPY)
            }
        case .secret(let secret):
            unsafe make(secret)
        }
    }

    /// The secret's bytes stay where they are while anybody holds it; the reference made here is released by
    /// libmicrohttpd's last call for this response.
    private static func make(_ secret: Secret) -> OpaquePointer? {
        guard !secret.isEmpty else { return unsafe make(.bytes([])) }
        let holder = unsafe Unmanaged.passRetained(secret)
        let start = unsafe secret.withBytes { bytes in
            unsafe bytes.withUnsafeBytes { unsafe UnsafeMutableRawPointer(mutating: $0.baseAddress) }
        }
        let raw = unsafe MHD_create_response_from_buffer_with_free_callback_cls(
            secret.count, start, releaseSecret, holder.toOpaque())
        if unsafe raw == nil { unsafe holder.release() }
        return unsafe raw
    }

    /// False when a field cannot be sent.
    private static func add(
        _ headers: [(name: String, value: String)], closing: Bool, to raw: OpaquePointer
    ) -> Bool {
        var closes = closing
        for (name, value) in headers {
            if name.equalsIgnoringASCIICase("connection") {
                closes = closes || value.equalsIgnoringASCIICase("close")
            } else if !isOurs(name) {
                guard isSendable(name), isSendable(value) else { return false }
                guard unsafe MHD_add_response_header(raw, name, value) == .YES else { return false }
            }
        }
        return unsafe !closes || MHD_add_response_header(raw, "Connection", "close") == .YES
    }

    /// Fields that only the server can set right.
    private static func isOurs(_ name: String) -> Bool {
        ["content-length", "transfer-encoding", "date"].contains { name.equalsIgnoringASCIICase($0) }
    }

    /// A NUL would cut the text short, CR and LF would begin a field of the sender's choice.
    private static func isSendable(_ text: String) -> Bool {
        text.utf8.allSatisfy { $0 >= 0x20 && $0 != 0x7F }
    }
}

/// libmicrohttpd is done with a secret's bytes. On any of its threads.
private func releaseSecret(_ holder: UnsafeMutableRawPointer?) {
    guard let holder = unsafe holder else { return }
    // The reference made in `ResponseQueue.make`.
    unsafe Unmanaged<Secret>.fromOpaque(holder).release()
}
