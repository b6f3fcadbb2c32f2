import MicroHTTPD
import Secrets
import StrictJSON
import Testing

@testable import Gateway

/// What is known of a request beside its content.
struct CallTests {
    private static let trace = "4bf92f3577b34da6a3ce929d0e0e4736"

    @Test(arguments: [
        "00-\(trace)-00f067aa0ba902b7-01", "00-\(trace)-00f067aa0ba902b7-00", "cc-\(trace)-00f067aa0ba902b7-01-more",
    ])
    func `reads a valid traceparent`(_ text: String) {
        #expect(TraceParent(parsing: text)?.traceID == Self.trace)
    }

    @Test(arguments: [
        "", "00", trace, "00-\(trace)-00f067aa0ba902b7", "00-\(trace)-00f067aa0ba902b7-01-more",
        "ff-\(trace)-00f067aa0ba902b7-01",
        "00-00000000000000000000000000000000-00f067aa0ba902b7-01", "00-\(trace)-0000000000000000-01",
        "00-4BF92F3577B34DA6A3CE929D0E0E4736-00f067aa0ba902b7-01", "00-\(trace)0-00f067aa0ba902b7-01",
        "00-\(trace)-00f067aa0ba902b-01", "0-\(trace)-00f067aa0ba902b7-01", "00-\(trace)-00f067aa0ba902b7-1",
        "00-\(trace)-00f067aa0ba902b7-0g", " 00-\(trace)-00f067aa0ba902b7-01", "00_\(trace)_00f067aa0ba902b7_01",
        "00-４bf92f3577b34da6a3ce929d0e0e4-00f067aa0ba902b7-01",
    ])
    func `passes over an invalid traceparent`(_ text: String) {
        #expect(TraceParent(parsing: text) == nil)
    }

    @Test func `request ids are 32 hexadecimal digits and differ`() {
        let ids = (0..<1000).map { _ in RequestID().description }
        #expect(ids.allSatisfy { $0.utf8.count == 32 && $0.utf8.allSatisfy("0123456789abcdef".utf8.contains) })
        #expect(Set(ids).count == 1000)
    }

    @Test(arguments: ["x", "0196f5c2-6c1e-7cde-8000-1f0e3a5b9c11", "Root:1", "a.b_c-D:9"])
    func `records the caller's id`(_ text: String) {
        #expect(call("X-Request-Id", text).clientRequestID?.description == text)
    }

    @Test(arguments: [
        "", "a b", "a\u{1b}[31m", "\u{e9}", String(repeating: "x", count: 65),
        "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY=",
    ])
    func `records no caller's id that could be a secret or disturb a reader`(_ text: String) {
        #expect(call("x-request-id", text).clientRequestID == nil)
        #expect(call("other", "x").clientRequestID == nil)
    }

    private func call(_ name: String, _ value: String) -> Call {
        let head = HTTPRequestHead(
            method: .post, path: "/v1/credentials", headers: HTTPHeaders([(name: name, value: value)]))
        let request = HTTPRequest(head: head, authorization: nil, body: Secret(""), deadline: .now)
        return Call(request, from: request.peer, receivedAt: Timestamp(seconds: 0))
    }
}
