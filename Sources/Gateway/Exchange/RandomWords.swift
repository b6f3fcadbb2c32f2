import Glibc
import Threading

/// Random numbers of the system, fetched 32 at a time: for each id a system call of its own costs more than the id.
enum RandomWords {
    private static let words = Lock<[UInt64]>([])

    /// 64 random bits, given once.
    static func next() -> UInt64 {
        words.withLock { words in
            if words.isEmpty { words = fetch() }
            return words.removeLast()
        }
    }

    private static func fetch() -> [UInt64] {
        // 256 bytes are what getentropy gives at most.
        var words = [UInt64](repeating: 0, count: 32)
        // The array is ours alone for the call.
        let result = unsafe words.withUnsafeMutableBytes { unsafe getentropy($0.baseAddress, $0.count) }
        return result == 0 ? words : [UInt64.random(in: 0...(.max))]
    }
}
