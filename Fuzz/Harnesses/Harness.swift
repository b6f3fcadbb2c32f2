import Glibc

/// What libFuzzer calls: one program holds all harnesses, `FUZZ_HARNESS` names the one that runs. Scripts/fuzz starts it.
///
/// A harness takes any bytes. What crashes, hangs or breaks a promise that it checks is a find.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzzOneInput(_ start: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
    // libFuzzer lends the bytes for the call.
    harness(unsafe Array(UnsafeBufferPointer(start: start, count: count)))
    return 0
}

private let harnesses: [String: @Sendable ([UInt8]) -> Void] = [
    "answers": fuzzAnswers, "forms": fuzzForms, "json": fuzzJSON, "keysets": fuzzKeySets, "policies": fuzzPolicies,
    "session-policies": fuzzSessionPolicies, "sts": fuzzSTS, "targets": fuzzTargets, "tokens": fuzzTokens,
]

private let harness: @Sendable ([UInt8]) -> Void = {
    let name = unsafe getenv("FUZZ_HARNESS").map { unsafe String(cString: $0) } ?? ""
    guard let harness = harnesses[name] else {
        fatalError("FUZZ_HARNESS must be one of \(harnesses.keys.sorted().joined(separator: ", "))")
    }
    return harness
}()
