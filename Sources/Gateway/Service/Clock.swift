import Foundation
package import StrictJSON

extension Timestamp {
    /// The system's clock, UTC, to the microsecond.
    package static func now() -> Timestamp {
        let time = Date.now.timeIntervalSince1970
        let whole = time.rounded(.down)
        return Timestamp(seconds: Int64(whole), nanoseconds: Int32((time - whole) * 1_000_000) * 1_000)
    }
}
