import Glibc

/// libFuzzer's loop. The package manager gives every program an entry point of its own, so libFuzzer's is not used.
@_silgen_name("LLVMFuzzerRunDriver")
private func runFuzzer(
    _ argumentCount: UnsafeMutablePointer<CInt>,
    _ arguments: UnsafeMutablePointer<UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>>,
    _ fuzzOne: @convention(c) (UnsafePointer<UInt8>?, Int) -> CInt
) -> CInt

private var argumentCount = CommandLine.argc
private var arguments = unsafe CommandLine.unsafeArgv
// The arguments are the process's own and live as long as it does.
exit(unsafe runFuzzer(&argumentCount, &arguments) { start, count in unsafe fuzzInput(start, count) })
