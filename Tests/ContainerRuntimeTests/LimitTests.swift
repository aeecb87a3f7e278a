import Linux
import OCI
import SystemPackage
import Testing

@testable import ContainerRuntime

/// Limits by what they do, and by what the kernel says they are.
@Suite(.enabled(if: Machine.canRunContainers, Machine.reason))
struct LimitTests {
    @Test func `a busy container is throttled`() throws {
        try ContainerFixture.with { container in
            container.specification.resources.cpu = .init()
            container.specification.resources.cpu?.quota = 20_000
            container.specification.resources.cpu?.period = 100_000
            // Ends only once the kernel has held it back.
            let outcome = try container.run(
                """
                cd /sys/fs/cgroup
                until grep -qs 'nr_throttled [1-9]' cpu.stat */cpu.stat; do :; done
                echo throttled
                """
            )
            #expect(outcome.output == "throttled\n", "\(outcome)")
        }
    }

    @Test func `no more processes are made than allowed`() throws {
        try ContainerFixture.with { container in
            container.specification.resources.pids = .init(limit: 4)
            let outcome = try container.run(
                "(sleep 99 & sleep 99 & sleep 99 & sleep 99 & sleep 99 &) 2>&1; kill -9 1; exit 3"
            )
            #expect((outcome.output + outcome.error).contains("fork"), "\(outcome)")
        }
    }

    @Test func `a container runs on the processors it was given`() throws {
        try ContainerFixture.with { container in
            container.specification.resources.cpu = .init()
            container.specification.resources.cpu?.cpus = "0"
            let outcome = try container.run("grep Cpus_allowed_list /proc/self/status")
            #expect(outcome.output == "Cpus_allowed_list:\t0\n", "\(outcome)")
        }
    }

    @Test func `the kernel keeps every limit`() throws {
        let disk = try #require(
            try FileSystem.entries(of: "/sys/block").first {
                FileSystem.exists(FilePath("/dev/\($0)"))
            }
        )
        let node = try FileSystem.status(of: FilePath("/dev/\(disk)")).node
        let device = "\(node.major):\(node.minor)"
        try ContainerFixture.with { container in
            container.specification.resources = RuntimeSpecification.Resources(
                testMajor: Int64(node.major),
                minor: Int64(node.minor)
            )
            let running = try RunningContainer(container, "echo ready; sleep 99")
            let cgroup = try running.cgroup
            let isV2 = cgroup.hierarchy.version == .v2
            let wanted =
                isV2
                ? [
                    ("", "memory.max", "67108864"), ("", "memory.low", "33554432"),
                    ("", "memory.swap.max", "33554432"), ("", "cpu.max", "50000 100000"),
                    ("", "cpu.weight", "20"), ("", "pids.max", "20"),
                    ("", "io.max", "\(device) rbps=1048576 wbps=max riops=max wiops=max"),
                ]
                : [
                    ("memory", "memory.limit_in_bytes", "67108864"),
                    ("memory", "memory.memsw.limit_in_bytes", "100663296"),
                    ("memory", "memory.soft_limit_in_bytes", "33554432"),
                    ("cpu", "cpu.shares", "512"), ("cpu", "cpu.cfs_quota_us", "50000"),
                    ("cpu", "cpu.cfs_period_us", "100000"), ("pids", "pids.max", "20"),
                    ("blkio", "blkio.throttle.read_bps_device", "\(device) 1048576"),
                ]
            for (controller, file, value) in wanted {
                let path = try #require(cgroup.directory(controller)).appending(file)
                // Kernels without an account of swap, or of this scheduler, have no such file.
                guard FileSystem.exists(path) || !file.contains("sw") else { continue }
                #expect(try FileSystem.readText(path) == "\(value)\n", "\(path)")
            }
            try running.stop()
        }
    }
}

extension RuntimeSpecification.Resources {
    /// A limit of each kind, one of them on reading from a block device.
    init(testMajor major: Int64, minor: Int64) {
        self.init()
        memory = .init()
        memory?.limit = 64 << 20
        memory?.swap = 96 << 20
        memory?.reservation = 32 << 20
        cpu = .init()
        cpu?.shares = 512
        cpu?.quota = 50_000
        cpu?.period = 100_000
        pids = .init(limit: 20)
        blockIO = .init()
        blockIO?.throttleReadBpsDevice = [.init(major: major, minor: minor, rate: 1_048_576)]
    }
}
