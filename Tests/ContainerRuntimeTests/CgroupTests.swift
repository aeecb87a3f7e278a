import Linux
import OCI
import SystemPackage
import Testing

@testable import ContainerRuntime

struct CgroupTests {
    @Test func `the three cgroup layouts are distinguished`() {
        let v2 = "31 23 0:28 / /sys/fs/cgroup rw - cgroup2 cgroup2 rw\n"
        let v1 = """
            32 31 0:29 / /sys/fs/cgroup/cpu,cpuacct rw - cgroup cgroup rw,cpu,cpuacct
            33 31 0:30 / /sys/fs/cgroup/memory rw - cgroup cgroup rw,memory
            34 31 0:31 / /sys/fs/cgroup/systemd rw - cgroup cgroup rw,xattr,name=systemd

            """
        #expect(CgroupHierarchy(Mount.entries(in: v2)).version == .v2)
        #expect(CgroupHierarchy(Mount.entries(in: v1)).version == .v1)
        let hybrid = CgroupHierarchy(Mount.entries(in: v1 + v2))
        #expect(hybrid.version == .hybrid)
        #expect(hybrid.tree(of: "cpuacct")?.mountPoint == "/sys/fs/cgroup/cpu,cpuacct")
    }

    @Test func `limits are translated to version 2 files`() {
        var resources = RuntimeSpecification.Resources()
        resources.memory = .init()
        resources.memory?.limit = 1_000
        resources.memory?.swap = 3_000
        resources.memory?.reservation = 500
        resources.cpu = .init()
        resources.cpu?.quota = 50_000
        resources.cpu?.shares = 1_024
        resources.pids = .init(limit: -1)
        let values = CgroupSettings(v2: resources).settings.map { "\($0.file) \($0.value)" }
        #expect(
            values == [
                "memory.max 1000", "memory.low 500", "memory.swap.max 2000", "cpu.weight 39",
                "cpu.max 50000 100000", "pids.max max",
            ]
        )
    }

    @Test func `limits are translated to version 1 files`() {
        var resources = RuntimeSpecification.Resources()
        resources.memory = .init()
        resources.memory?.limit = 1_000
        resources.memory?.swap = -1
        resources.cpu = .init()
        resources.cpu?.cpus = "0-1"
        resources.blockIO = .init()
        resources.blockIO?.throttleReadBpsDevice = [.init(major: 8, minor: 0, rate: 99)]
        let values = CgroupSettings(v1: resources).settings.map { "\($0.file) \($0.value)" }
        #expect(
            values == [
                "memory.limit_in_bytes 1000", "memory.memsw.limit_in_bytes -1", "cpuset.cpus 0-1",
                "blkio.throttle.read_bps_device 8:0 99",
            ]
        )
    }

    @Test(arguments: [UInt64(2): UInt64(1), 262_144: 10_000, 1: 1, 1_024: 39])
    func `CPU shares are converted to a weight`(shares: UInt64, weight: UInt64) {
        #expect(CgroupSettings.weight(shares: shares) == weight)
    }

    @Test func `device rules are written as version 1 lines`() {
        let lines = DeviceRules.complete(nil).map(DeviceRules.line)
        #expect(lines.prefix(4) == ["a", "c *:* m", "b *:* m", "c 1:3 rwm"])
        #expect(lines.last == "c 136:* rwm")
    }

    @Test func `a device program ends at a rule that matches everything`() {
        let program = DeviceProgram([.init(allow: true), .init(allow: false)])
        #expect(program.instructions.count == 8)
    }

    @Test(.enabled(if: Machine.isRoot, "control groups need root"))
    func `groups can be created while others remove their common parent`() async throws {
        let parent = "/swiftcompose-test-\(UInt32.random(in: .min ... .max))"
        let hierarchy = try CgroupHierarchy.discover()
        try await withThrowingTaskGroup(of: Void.self) { group in
            for name in ["a", "b", "c"] {
                group.addTask {
                    try await BackgroundThread.run {
                        let cgroup = Cgroup("\(parent)/\(name)", in: hierarchy)
                        for _ in 0..<50 {
                            try cgroup.createUnified(nil)
                            try cgroup.createV1(nil)
                            try cgroup.remove()
                            cgroup.removeParent()
                        }
                    }
                }
            }
            try await group.waitForAll()
        }
        for tree in hierarchy.trees {
            #expect(!FileSystem.exists(tree.mountPoint.appending(String(parent.dropFirst()))))
        }
    }
}
