import CoreMetrics
import Threading

/// One series of a family: it keeps a value and writes it.
protocol PrometheusSeries: AnyObject, Sendable {
    /// The TYPE of the family.
    var kind: String { get }
    /// Writes the sample lines.
    func write(_ name: String, _ labels: SeriesLabels, into text: inout ExpositionText)
}

/// A value that only grows.
final class CounterSeries: PrometheusSeries, CounterHandler {
    private let value = Lock<Int64>(0)
    let kind = "counter"

    func increment(by amount: Int64) { value.withLock { $0 &+= amount } }
    func reset() { value.withLock { $0 = 0 } }
    var count: Int { Int(value.withLock { $0 }) }

    func write(_ name: String, _ labels: SeriesLabels, into text: inout ExpositionText) {
        text.sample(name, labels, value: String(value.withLock { $0 }))
    }
}

/// A counter that somebody else keeps: only its last total is known here.
final class TotalSeries: PrometheusSeries {
    private let total = Lock(0.0)
    let kind = "counter"

    func set(_ total: Double) { self.total.withLock { $0 = total } }

    func write(_ name: String, _ labels: SeriesLabels, into text: inout ExpositionText) {
        text.sample(name, labels, value: ExpositionText.number(total.withLock { $0 }))
    }
}

/// A value that goes up and down.
final class GaugeSeries: PrometheusSeries, MeterHandler, RecorderHandler {
    private let value = Lock(0.0)
    let kind = "gauge"

    func set(_ value: Int64) { set(Double(value)) }
    func set(_ value: Double) { self.value.withLock { $0 = value } }
    func increment(by amount: Double) { value.withLock { $0 += amount } }
    func decrement(by amount: Double) { value.withLock { $0 -= amount } }
    func record(_ value: Int64) { set(value) }
    func record(_ value: Double) { set(value) }

    func write(_ name: String, _ labels: SeriesLabels, into text: inout ExpositionText) {
        text.sample(name, labels, value: ExpositionText.number(value.withLock { $0 }))
    }
}

/// Durations in seconds, counted into fixed buckets from 0.1 ms, what a decision takes, to 10 s, a request's deadline.
final class HistogramSeries: PrometheusSeries, TimerHandler, RecorderHandler {
    private static let bounds = [0.0001, 0.0005, 0.001, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10]
    private let state = Lock(State())
    let kind = "histogram"

    private struct State {
        var counts = [Int](repeating: 0, count: HistogramSeries.bounds.count)
        var count = 0
        var sum = 0.0
    }

    func recordNanoseconds(_ duration: Int64) { record(Double(duration) / 1_000_000_000) }
    func record(_ value: Int64) { record(Double(value)) }

    func record(_ value: Double) {
        state.withLock { state in
            if let bucket = Self.bounds.firstIndex(where: { value <= $0 }) { state.counts[bucket] += 1 }
            state.count += 1
            state.sum += value
        }
    }

    func write(_ name: String, _ labels: SeriesLabels, into text: inout ExpositionText) {
        let state = state.withLock { $0 }
        var cumulative = 0
        for (bound, count) in zip(Self.bounds, state.counts) {
            cumulative += count
            text.sample(name + "_bucket", labels, bound: ExpositionText.number(bound), value: String(cumulative))
        }
        text.sample(name + "_bucket", labels, bound: "+Inf", value: String(state.count))
        text.sample(name + "_sum", labels, value: ExpositionText.number(state.sum))
        text.sample(name + "_count", labels, value: String(state.count))
    }
}
