import Glibc
import Testing

@testable import Gateway

/// What /proc says, read as its manual describes it.
struct ProcessStatisticsTests {
    private let stat =
        "42 (odd) name (x)) S 1 42 42 0 -1 4194560 1000 0 0 0 250 150 0 0 20 0 9 0 5000 100000000 2048 18446744073709551615 1"

    @Test func `reads the fields behind a name with spaces and parentheses`() {
        let ticks = Double(sysconf(Int32(_SC_CLK_TCK)))
        let limits = """
            Limit                     Soft Limit           Hard Limit           Units
            Max processes             unlimited            unlimited            processes
            Max open files            1024                 20000                files
            """
        let read = ProcessStatistics(
            stat: stat, system: "cpu  1 2 3\nbtime 1700000000\nprocesses 9\n", limits: limits, descriptors: 13)
        #expect(read.cpuSeconds == 400 / ticks)
        #expect(read.residentBytes == 2048 * Double(sysconf(Int32(_SC_PAGESIZE))))
        #expect(read.startSeconds == 1_700_000_000 + 5000 / ticks)
        #expect(read.openFiles == 12 && read.openFilesLimit == 1024)
    }

    @Test(arguments: [nil, "", "42 (short) S 1 2", "no statistics at all"])
    func `leaves out what it cannot read`(_ stat: String?) {
        let read = ProcessStatistics(
            stat: stat, system: nil, limits: "Max open files  unlimited  unlimited", descriptors: nil)
        let nothing = ProcessStatistics(stat: nil, system: nil, limits: nil, descriptors: nil)
        #expect(read == nothing && read.openFilesLimit == nil && read.cpuSeconds == nil)
    }

    @Test func `a process on Linux has them all`() throws {
        let now = ProcessStatistics.now()
        #expect(try #require(now.residentBytes) > 1_000_000 && now.cpuSeconds != nil)
        #expect(try #require(now.openFiles) >= 3)
        #expect(try #require(now.openFiles) <= now.openFilesLimit ?? .infinity)
        // It began in the past, and after the machine did.
        #expect(try #require(now.startSeconds) <= Double(time(nil)) + 1)
        #expect(try #require(now.startSeconds) > 1_600_000_000)
    }
}
