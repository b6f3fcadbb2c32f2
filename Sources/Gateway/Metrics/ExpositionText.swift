import StrictJSON

/// Prometheus' text format, version 0.0.4.
struct ExpositionText {
    private(set) var bytes: [UInt8] = []

    /// The media type of the text.
    static let mediaType = "text/plain; version=0.0.4; charset=utf-8"

    /// Writes a family; nothing when it has no series yet.
    mutating func append(_ name: String, _ family: PrometheusRegistry.Family) {
        let series = family.series.sorted { $0.key < $1.key }
        guard let kind = series.first?.value.kind else { return }
        begin(name, kind: kind, help: family.help)
        for (labels, series) in series { series.write(name, labels, into: &self) }
    }

    /// Writes what stands above the samples of a family.
    mutating func begin(_ name: String, kind: String, help: String) {
        bytes.append(utf8: "# HELP \(name) \(help)\n# TYPE \(name) \(kind)\n")
    }

    /// Writes one sample; `bound` is the `le` of a bucket.
    mutating func sample(_ name: String, _ labels: SeriesLabels, bound: String? = nil, value: String) {
        bytes.append(utf8: name)
        var pairs = labels.pairs.map { "\($0.name)=\"\(Self.escaped($0.value))\"" }
        if let bound { pairs.append("le=\"\(bound)\"") }
        if !pairs.isEmpty { bytes.append(utf8: "{" + pairs.joined(separator: ",") + "}") }
        bytes.append(utf8: " \(value)\n")
    }

    /// A number as Prometheus reads it, whole ones without a fraction.
    static func number(_ value: Double) -> String {
        let whole = Int64(exactly: value)
        return whole.map { String($0) } ?? String(value)
    }

    private static func escaped(_ value: String) -> String {
        var escaped = ""
        for scalar in value.unicodeScalars {
            switch scalar {
            case "\\": escaped += "\\\\"
            case "\"": escaped += "\\\""
            case "\n": escaped += "\\n"
            default: escaped.unicodeScalars.append(scalar)
            }
        }
        return escaped
    }
}
