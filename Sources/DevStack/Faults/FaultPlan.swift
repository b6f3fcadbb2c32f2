import StrictJSON
import Threading

/// The faults to come, in order. The first that fits a place strikes there.
struct FaultPlan: Sendable {
    private let faults = Lock<[Fault]>([])

    /// Sets the list anew from a JSON array; an empty one ends all faults. One object stands for a list of one.
    func set(parsing bytes: [UInt8]) throws(DevStackError) {
        let document: JSONValue
        do { document = try JSONValue(parsing: bytes) } catch { throw .invalidRequest("\(error)") }
        var list: [Fault] = []
        for element in document.array ?? [document] { list.append(try Fault(element)) }
        let complete = list
        faults.withLock { $0 = complete }
    }

    /// The fault that strikes the answer at `place` now, used up once; nil for none.
    func next(at place: String) -> Fault? {
        faults.withLock { faults in
            guard let index = faults.firstIndex(where: { $0.place == nil || $0.place == place }) else { return nil }
            let fault = faults[index]
            guard let remaining = fault.remaining else { return fault }
            if remaining > 1 { faults[index].remaining = remaining - 1 } else { faults.remove(at: index) }
            return fault
        }
    }
}
