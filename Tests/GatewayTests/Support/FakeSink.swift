import Foundation
import StrictJSON
import TestSupport

@testable import Gateway

/// A sink that can be made to hang and to fail, and keeps what it took. The first lines, which open the log, it always takes.
final class FakeSink: AuditSink, @unchecked Sendable {
    private let condition = NSCondition()
    // Under `condition`.
    private var isHeld = false
    private var failure: String?
    private var calls = 0
    private var taken: [String] = []
    private var isOpened = false
    private var isBegun = false

    let durability = AuditDurability.flushed
    let name: String

    init(named name: String = "fake", isHeld: Bool = false, failure: String? = nil) {
        self.name = name
        self.isHeld = isHeld
        self.failure = failure
    }

    func prepare() -> AuditTail? {
        condition.withLock {
            defer { isOpened = true }
            return isOpened ? nil : AuditTail()
        }
    }

    func append(_ lines: [UInt8]) throws(AuditSinkError) {
        condition.lock()
        defer { condition.unlock() }
        if isBegun { calls += 1 }
        while isBegun, isHeld { condition.wait() }
        if isBegun, let failure { throw AuditSinkError(failure) }
        isBegun = true
        taken += String(decoding: lines, as: UTF8.self).split(separator: "\n").map(String.init)
    }

    /// How often it was called after the opening.
    var entered: Int { condition.withLock { calls } }
    /// The lines it took.
    var lines: [String] { condition.withLock { taken } }
    /// The lines about requests as objects: without those that the log writes about itself.
    var records: [JSONObject] { get throws { try lines.map(object).filter { !$0.isOpening } } }
    /// The lines that the log wrote about itself.
    var openings: [JSONObject] { get throws { try lines.map(object).filter(\.isOpening) } }

    private func object(_ line: String) throws -> JSONObject { try JSONValue(parsing: Array(line.utf8)).object ?? [:] }

    func release() {
        condition.withLock {
            isHeld = false
            condition.broadcast()
        }
    }

    /// Fails from now on; nil works again.
    func fail(_ reason: String?) { condition.withLock { failure = reason } }
}

extension JSONObject {
    /// Whether it is a line that the log writes about itself.
    var isOpening: Bool { self["outcome"]?.string.flatMap(AuditOpening.init(rawValue:)) != nil }
}

/// Waits until `condition` holds, for a minute at most; false when it never did.
func eventually(_ condition: () async throws -> Bool) async throws -> Bool {
    for _ in 0..<6000 {
        if try await condition() { return true }
        try await Task.sleep(for: .milliseconds(10))
    }
    return false
}
