import Foundation
import StrictJSON
import TestSupport

@testable import Gateway

/// A sink that can be made to hang and to fail, and keeps what it took.
final class FakeSink: AuditSink, @unchecked Sendable {
    private let condition = NSCondition()
    // Under `condition`.
    private var isHeld = false
    private var failure: String?
    private var calls = 0
    private var taken: [String] = []

    let durability = AuditDurability.flushed

    init(isHeld: Bool = false, failure: String? = nil) {
        self.isHeld = isHeld
        self.failure = failure
    }

    func append(_ lines: [UInt8]) throws(AuditSinkError) {
        condition.lock()
        defer { condition.unlock() }
        calls += 1
        while isHeld { condition.wait() }
        if let failure { throw AuditSinkError(description: failure) }
        taken += String(decoding: lines, as: UTF8.self).split(separator: "\n").map(String.init)
    }

    /// How often it was called.
    var entered: Int { condition.withLock { calls } }
    /// The lines it took.
    var lines: [String] { condition.withLock { taken } }
    /// The lines as objects.
    var records: [JSONObject] { get throws { try lines.map { try JSONValue(parsing: Array($0.utf8)).object ?? [:] } } }

    func release() {
        condition.withLock {
            isHeld = false
            condition.broadcast()
        }
    }

    /// Fails from now on; nil works again.
    func fail(_ reason: String?) { condition.withLock { failure = reason } }
}

/// Waits until `condition` holds, for a minute at most; false when it never did.
func eventually(_ condition: () async throws -> Bool) async throws -> Bool {
    for _ in 0..<6000 {
        if try await condition() { return true }
        try await Task.sleep(for: .milliseconds(10))
    }
    return false
}
