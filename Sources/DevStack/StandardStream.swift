import Glibc

/// The two streams the program writes to.
enum StandardStream: Int32 {
    case output = 1
    case error = 2
}

/// Writes `text` at once, without a buffer that a pipe would fill. What cannot be written is lost: nobody reads.
func print(_ text: String, terminator: String = "\n", to stream: StandardStream) {
    let bytes = Array((text + terminator).utf8)
    // The array outlives the call, which reads no more than its bytes.
    _ = unsafe bytes.span.withUnsafeBytes { unsafe Glibc.write(stream.rawValue, $0.baseAddress, $0.count) }
}
