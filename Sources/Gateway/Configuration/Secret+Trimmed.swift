import Secrets

extension Secret {
    /// Without white space at its end, which an editor adds and no token has.
    var trimmed: Secret {
        withBytes { bytes in
            var count = bytes.count
            while count > 0, bytes[count - 1] <= 0x20 { count -= 1 }
            return Secret(bytes.extracting(..<count))
        }
    }
}
