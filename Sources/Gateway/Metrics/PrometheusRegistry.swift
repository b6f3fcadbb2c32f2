package import CoreMetrics
import Threading

/// A swift-metrics backend that keeps its values in memory and writes them in Prometheus' text format.
///
/// The number of series is bounded: past `seriesLimit` in a family, new label sets share one series whose label values are
/// `other`, so that no caller can make the memory grow.
package final class PrometheusRegistry: MetricsFactory, Sendable {
    private let families: Lock<[String: Family]>
    private let seriesLimit: Int

    /// 128 is four times what the family with the most codes needs.
    package init(seriesLimit: Int = 128) {
        families = Lock([:])
        self.seriesLimit = seriesLimit
    }

    /// Gives the family `name` its HELP line. Call it before the first value is made.
    package func describe(_ name: String, _ help: String) {
        families.withLock { $0[name, default: Family()].help = help }
    }

    /// All values in the text format, version 0.0.4, families in the order of their names.
    package func exposition() -> [UInt8] {
        let families = families.withLock { families in families.sorted { $0.key < $1.key } }
        var text = ExpositionText()
        for (name, family) in families { text.append(name, family) }
        return text.bytes
    }

    /// The counters of the family `name` that have counted anything.
    func counts(of name: String) -> [CounterReading] {
        let series = families.withLock { $0[name]?.series ?? [:] }
        return series.compactMap { labels, series in
            guard let count = (series as? CounterSeries)?.count, count > 0 else { return nil }
            let pairs = labels.pairs.map { ($0.name, $0.value) }
            return CounterReading(labels: Dictionary(pairs) { first, _ in first }, count: count)
        }
    }

    /// A family: one name with one kind and its series.
    struct Family {
        var help = ""
        var series: [SeriesLabels: any PrometheusSeries] = [:]
    }

    /// Sets a counter without labels whose total somebody else keeps, such as the system.
    package func setTotal(_ name: String, _ total: Double) { series(name, []) { TotalSeries() }.set(total) }

    /// Makes these gauges the whole of a family. What is gone, such as an issuer that the policy no longer has, must not keep its
    /// last value: an alert would look at it for ever.
    package func setGauges(_ name: String, _ values: [(dimensions: [(String, String)], value: Double)]) {
        var all: [SeriesLabels: any PrometheusSeries] = [:]
        for (dimensions, value) in values.prefix(seriesLimit) {
            let gauge = GaugeSeries()
            gauge.set(value)
            all[SeriesLabels(dimensions)] = gauge
        }
        families.withLock { $0[name, default: Family()].series = all }
    }

    private func series<Series: PrometheusSeries>(
        _ name: String, _ dimensions: [(String, String)], _ make: () -> Series
    ) -> Series {
        families.withLock { families in
            var labels = SeriesLabels(dimensions)
            let known = families[name]?.series ?? [:]
            if let series = known[labels] as? Series { return series }
            if known[labels] == nil, known.count >= seriesLimit { labels = labels.overflowing }
            if let series = known[labels] as? Series { return series }
            let series = make()
            families[name, default: Family()].series[labels] = series
            return series
        }
    }
}

extension PrometheusRegistry {
    package func makeCounter(label: String, dimensions: [(String, String)]) -> any CounterHandler {
        series(label, dimensions) { CounterSeries() }
    }

    package func makeMeter(label: String, dimensions: [(String, String)]) -> any MeterHandler {
        series(label, dimensions) { GaugeSeries() }
    }

    /// A recorder that aggregates is a histogram of seconds, one that does not a gauge.
    package func makeRecorder(label: String, dimensions: [(String, String)], aggregate: Bool) -> any RecorderHandler {
        if aggregate {
            series(label, dimensions) { HistogramSeries() }
        } else {
            series(label, dimensions) { GaugeSeries() }
        }
    }

    /// A histogram in seconds.
    package func makeTimer(label: String, dimensions: [(String, String)]) -> any TimerHandler {
        series(label, dimensions) { HistogramSeries() }
    }

    // The families live as long as the process: Prometheus takes a series that vanishes for a restart.
    package func destroyCounter(_ handler: any CounterHandler) {}
    package func destroyMeter(_ handler: any MeterHandler) {}
    package func destroyRecorder(_ handler: any RecorderHandler) {}
    package func destroyTimer(_ handler: any TimerHandler) {}
}

/// What a counter had counted at a moment.
struct CounterReading: Sendable {
    let labels: [String: String]
    let count: Int
}

/// The labels of one series, in the order given.
struct SeriesLabels: Hashable, Comparable {
    let pairs: [Pair]

    struct Pair: Hashable {
        let name: String
        let value: String
    }

    init(_ dimensions: [(String, String)]) {
        pairs = dimensions.map { Pair(name: $0.0, value: $0.1) }
    }

    private init(pairs: [Pair]) { self.pairs = pairs }

    var overflowing: SeriesLabels {
        SeriesLabels(pairs: pairs.map { Pair(name: $0.name, value: "other") })
    }

    static func < (left: SeriesLabels, right: SeriesLabels) -> Bool {
        left.pairs.lexicographicallyPrecedes(right.pairs) { ($0.name, $0.value) < ($1.name, $1.value) }
    }
}
