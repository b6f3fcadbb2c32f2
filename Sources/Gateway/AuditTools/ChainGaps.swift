/// Numbers that were left out. They may still come, out of order.
struct ChainGaps {
    private var places: [Int: LinePlace] = [:]

    /// More are reported at once, as removed.
    private static let capacity = 10_000

    /// Notes that `numbers` are missing before `place`; gives the fault when they are too many to wait for.
    mutating func open(_ numbers: ClosedRange<Int>, before place: LinePlace) -> [String] {
        guard numbers.count <= Self.capacity - places.count else { return [Self.fault(numbers, place)] }
        for number in numbers { places[number] = place }
        return []
    }

    /// Whether the number was missing; it no longer is.
    mutating func close(_ number: Int) -> Bool { places.removeValue(forKey: number) != nil }

    /// The faults of what is still missing, in order; nothing is missing afterwards.
    mutating func close() -> [String] {
        defer { places = [:] }
        var runs: [(numbers: ClosedRange<Int>, place: LinePlace)] = []
        for (number, place) in places.sorted(by: { $0.key < $1.key }) {
            if let run = runs.last, run.place == place, run.numbers.upperBound + 1 == number {
                runs[runs.count - 1].numbers = run.numbers.lowerBound...number
            } else {
                runs.append((number...number, place))
            }
        }
        return runs.map { Self.fault($0.numbers, $0.place) }
    }

    private static func fault(_ numbers: ClosedRange<Int>, _ place: LinePlace) -> String {
        let (first, last) = (numbers.lowerBound, numbers.upperBound)
        return first == last
            ? "\(place): line \(first) was removed before it"
            : "\(place): lines \(first) to \(last) were removed before it"
    }
}
