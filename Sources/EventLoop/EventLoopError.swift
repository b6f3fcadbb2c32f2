/// Why a loop could not be made: the system has no descriptor or no thread to give.
package struct EventLoopError: Error, Sendable, CustomStringConvertible {
    package let description: String
}
