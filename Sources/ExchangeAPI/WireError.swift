/// A message that does not keep to the wire contract, in a sentence that names the field and may be shown to its sender.
package struct WireError: Error, Sendable, Equatable, CustomStringConvertible {
    package let description: String

    init(_ description: String) { self.description = description }
}
