import CCurl
import Secrets

extension Transfer {
    /// What to ask.
    func configureRequest() throws(OutboundFailure) {
        let request = order.request
        try handle.set(CURLOPT_URL, to: request.url.description)
        try handle.set(CURLOPT_PATH_AS_IS, to: true)
        try unsafe handle.set(CURLOPT_HTTPHEADER, toList: headerLines.list)
        // Refuses a long answer by its Content-Length; the write callback counts the others. 0 would mean no limit.
        try handle.set(CURLOPT_MAXFILESIZE_LARGE, toOffset: max(request.maximumBytes, 1))
        // Freed with this transfer, which outlives the handle's use of it.
        try unsafe handle.set(CURLOPT_ERRORBUFFER, toPointer: message)
        switch request.method {
        case .get: try handle.set(CURLOPT_HTTPGET, to: true)
        case .post: try configureBody(request.body)
        }
    }

    private func configureBody(_ body: Secret?) throws(OutboundFailure) {
        try handle.set(CURLOPT_POST, to: true)
        guard let body, !body.isEmpty else {
            return try handle.set(CURLOPT_COPYPOSTFIELDS, to: "")
        }
        try handle.set(CURLOPT_POSTFIELDSIZE_LARGE, toOffset: body.count)
        // The pointer outlives the closure: a secret's bytes stay where they are for its life, and `order` keeps it.
        try body.withBytes { (bytes) throws(OutboundFailure) in
            try unsafe bytes.withUnsafeBufferPointer { (buffer) throws(OutboundFailure) in
                try unsafe handle.set(CURLOPT_POSTFIELDS, toPointer: buffer.baseAddress)
            }
        }
    }
}
