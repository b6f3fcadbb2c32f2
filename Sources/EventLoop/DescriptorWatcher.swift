import CEpoll

/// Who watches descriptors on a loop. Every call comes on the loop's thread.
package protocol DescriptorWatcher: AnyObject {
    /// `descriptor`, which this one watches, can be read or written, or has ended.
    func became(_ readiness: Readiness, _ descriptor: Int32)
}

/// What can be done with a descriptor without waiting; an error or an end is both.
package struct Readiness: OptionSet, Sendable {
    package let rawValue: UInt32

    package init(rawValue: UInt32) { self.rawValue = rawValue }

    package static let reading = Readiness(rawValue: cepoll_in)
    package static let writing = Readiness(rawValue: cepoll_out)
}
