import CProbe

/// What one subject took, by rounds.
struct Measurement {
    /// Microseconds of wall time for one operation, a value for each round.
    private(set) var times: [Double] = []
    /// For one operation, in the last round.
    private(set) var allocations = 0.0

    var median: Double { times.sorted()[times.count / 2] }
    var least: Double { times.min() ?? .nan }

    /// Measures `rounds` of `subject` after one that is not counted.
    @concurrent static func of(_ subject: any Subject, rounds: Int) async throws -> Measurement {
        var subject = subject
        var measurement = Measurement()
        try await warmUp(&subject)
        for _ in 0..<rounds {
            try await subject.prepare()
            let (before, start) = (probe_allocations(), ContinuousClock.now)
            try await subject.run()
            let (elapsed, count) = (ContinuousClock.now - start, probe_allocations() - before)
            measurement.times.append(elapsed.microseconds / Double(subject.operations))
            measurement.allocations = Double(count) / Double(subject.operations)
        }
        return measurement
    }

    /// Runs `subject` once under callgrind's eyes, after a run without them.
    @concurrent static func instructions(of subject: any Subject) async throws {
        var subject = subject
        try await warmUp(&subject)
        try await subject.prepare()
        probe_begin_instructions()
        try await subject.run()
        probe_end_instructions()
    }

    private static func warmUp(_ subject: inout any Subject) async throws {
        try await subject.prepare()
        try await subject.run()
    }
}

extension Duration {
    fileprivate var microseconds: Double {
        Double(components.seconds) * 1e6 + Double(components.attoseconds) * 1e-12
    }
}
