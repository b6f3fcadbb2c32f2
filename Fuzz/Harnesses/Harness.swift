import Glibc

/// The harnesses by name. Each takes any bytes: what crashes, hangs or breaks a promise that it checks is a find.
private let harnesses: [String: @Sendable ([UInt8]) -> Void] = [
    "answers": fuzzAnswers, "forms": fuzzForms, "http": fuzzHTTP, "json": fuzzJSON, "keysets": fuzzKeySets,
    "outbound": fuzzOutboundAnswers,
    "policies": fuzzPolicies, "session-policies": fuzzSessionPolicies, "sts": fuzzSTS, "targets": fuzzTargets,
    "tokens": fuzzTokens, "trust-policies": fuzzTrustPolicies,
]

/// The one that `FUZZ_HARNESS` names. Scripts/fuzz sets it.
private let harness: @Sendable ([UInt8]) -> Void = {
    let name = unsafe getenv("FUZZ_HARNESS").map { unsafe String(cString: $0) } ?? ""
    guard let harness = harnesses[name] else {
        fatalError("FUZZ_HARNESS must be one of \(harnesses.keys.sorted().joined(separator: ", "))")
    }
    return harness
}()

/// Runs the harness on one input.
func fuzzInput(_ start: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
    // libFuzzer lends the bytes for the call.
    harness(unsafe Array(UnsafeBufferPointer(start: start, count: count)))
    return 0
}

/// What libFuzzer's own entry point would call. It is linked, though never run.
@_cdecl("LLVMFuzzerTestOneInput")
func fuzzOneInput(_ start: UnsafePointer<UInt8>?, _ count: Int) -> CInt { unsafe fuzzInput(start, count) }
