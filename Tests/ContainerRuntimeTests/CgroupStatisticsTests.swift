import Linux
import SystemPackage
import TestSupport
import Testing

@testable import ContainerRuntime

struct CgroupStatisticsTests {
    @Test func `version 1 block statistics are summed over devices`() {
        let text = "8:0 Read 4096\n8:0 Write 100\n8:0 Total 4196\n7:1 Read 4\nTotal 4200\n"
        #expect(CgroupText.blocksV1(text) == (read: 4_100, written: 100))
    }

    @Test func `version 2 block statistics are summed over devices`() {
        let text = "8:0 rbytes=4096 wbytes=100 rios=1 wios=2 dbytes=0 dios=0\n7:1 rbytes=4\n"
        #expect(CgroupText.blocksV2(text) == (read: 4_100, written: 100))
        #expect(CgroupText.blocksV2("") == (read: 0, written: 0))
    }

    @Test(
        arguments: [
            "max\n": nil, "9223372036854771712\n": nil, "1048576\n": 1_048_576, "": nil,
        ] as [String: UInt64?]
    )
    func `an absent limit is recognised in both spellings`(text: String, limit: UInt64?) {
        #expect(CgroupText.limit(text) == limit)
    }

    @Test func `inactive page cache is not counted as used`() {
        #expect(CgroupText.memory(100, idle: 30) == 70)
        #expect(CgroupText.memory(100, idle: nil) == 100)
        #expect(CgroupText.memory(100, idle: 130) == 0)
    }

    @Test func `traffic counts all interfaces except loopback`() {
        let text = """
            Inter-|   Receive                                                |  Transmit
             face |bytes    packets errs drop fifo frame compressed multicast|bytes    packets
                lo:     900       9    0    0    0     0          0         0      900       9
              eth0:    1000       9    0    0    0     0          0         0       20       9
              eth1:3000000000     9    0    0    0     0          0         0        4       9

            """
        let traffic = InterfaceTraffic(text)
        #expect(traffic.received == 3_000_001_000)
        #expect(traffic.sent == 24)
    }

    @Test func `statistics are read from a version 2 tree`() throws {
        try withVersion2Tree { hierarchy, directory in
            let files = [
                "cpu.stat": "usage_usec 1500\nuser_usec 1000\n", "memory.current": "5000\n",
                "memory.stat": "anon 1\ninactive_file 2000\n", "memory.max": "8000\n",
                "pids.current": "3\n", "io.stat": "8:0 rbytes=10 wbytes=20\n",
            ]
            for (name, text) in files {
                try AtomicFile.write(Array(text.utf8), to: directory.appending(name))
            }
            let statistics = try Cgroup("/group", in: hierarchy).statistics()
            #expect(
                statistics
                    == CgroupStatistics(
                        processorTime: .microseconds(1_500),
                        memory: 3_000,
                        memoryLimit: 8_000,
                        processes: 3,
                        blockRead: 10,
                        blockWritten: 20
                    )
            )
        }
    }

    @Test func `a removed group is reported`() throws {
        try withVersion2Tree { hierarchy, _ in
            let error = #expect(throws: RuntimeError.self) {
                try Cgroup("/other", in: hierarchy).statistics()
            }
            guard case .refused(.cgroup, let fault) = error else {
                Issue.record("\(String(describing: error))")
                return
            }
            #expect(fault.reason == .noSuchFileOrDirectory)
        }
    }
}

/// Calls `body` with a directory structured like a version 2 tree, and its group `/group`.
func withVersion2Tree(_ body: (CgroupHierarchy, FilePath) throws -> Void) throws {
    try withScratchDirectory { root in
        try FileSystem.makeDirectory(root.appending("group"))
        let entries = Mount.entries(in: "31 23 0:28 / \(root) rw - cgroup2 cgroup2 rw\n")
        try body(CgroupHierarchy(entries), root.appending("group"))
    }
}
