import Foundation
import Glibc

/// What the system says of this process, for the metrics that Prometheus' client libraries call `process_*`.
///
/// From `/proc/self` (proc_pid_stat(5), proc_pid_limits(5)). What cannot be read is nil, and its metric is left out: a gateway
/// without `/proc` serves all the same.
struct ProcessStatistics: Equatable {
    /// Seconds of processor time, in user and in system mode together.
    var cpuSeconds: Double?
    /// Memory that is in RAM now.
    var residentBytes: Double?
    /// When the process began, in seconds since 1970.
    var startSeconds: Double?
    /// Open file descriptors, sockets included.
    var openFiles: Double?
    /// How many the process may open.
    var openFilesLimit: Double?

    /// The figures of this moment.
    static func now() -> ProcessStatistics {
        ProcessStatistics(
            stat: text("/proc/self/stat"), system: text("/proc/stat"), limits: text("/proc/self/limits"),
            descriptors: count(in: "/proc/self/fd"))
    }

    /// - Parameters:
    ///   - stat: `/proc/self/stat`, one line.
    ///   - system: `/proc/stat`, for the time of boot.
    ///   - limits: `/proc/self/limits`.
    ///   - descriptors: How many entries `/proc/self/fd` had, the one that listing it took included.
    init(stat: String?, system: String?, limits: String?, descriptors: Int?) {
        // The program's name stands in parentheses and may hold both spaces and parentheses: the last one ends it.
        let fields = stat?.split(separator: ")").last?.split(separator: " ").map { Double($0) } ?? []
        let ticks = Double(sysconf(Int32(_SC_CLK_TCK)))
        // Behind the name the first field is the third of the manual's list: 14 utime, 15 stime, 22 starttime, 24 rss.
        if fields.count > 21, let user = fields[11], let kernel = fields[12] { cpuSeconds = (user + kernel) / ticks }
        if fields.count > 21, let pages = fields[21] { residentBytes = pages * Double(sysconf(Int32(_SC_PAGESIZE))) }
        if fields.count > 21, let start = fields[19], let boot = Self.number(after: "btime ", in: system) {
            startSeconds = boot + start / ticks
        }
        openFiles = descriptors.map { Double($0 - 1) }
        openFilesLimit = Self.number(after: "Max open files", in: limits)
    }

    /// The first number of the line that begins so; nil for `unlimited` too.
    private static func number(after name: String, in text: String?) -> Double? {
        let line = text?.split(separator: "\n").first { $0.hasPrefix(name) }
        return line?.dropFirst(name.count).split(separator: " ").first.flatMap { Double($0) }
    }

    private static func count(in folder: String) -> Int? {
        do { return try FileManager.default.contentsOfDirectory(atPath: folder).count } catch { return nil }
    }

    private static func text(_ path: String) -> String? {
        FileManager.default.contents(atPath: path).map { String(decoding: $0, as: UTF8.self) }
    }
}
