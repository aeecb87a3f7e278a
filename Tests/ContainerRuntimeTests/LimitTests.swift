import Linux
import OCI
import SystemPackage
import Testing

@testable import ContainerRuntime

/// The effect of limits, and their values as the kernel reports them.
@Suite(.enabled(if: Machine.canRunContainers, Machine.reason))
struct LimitTests {
    @Test func `a busy container is throttled`() throws {
        try ContainerFixture.with { container in
            container.specification.resources.cpu = .init()
            container.specification.resources.cpu?.quota = 20_000
            container.specification.resources.cpu?.period = 100_000
            // Ends only after the kernel has throttled it.
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

    @Test func `forking beyond the limit of processes fails`() throws {
        try ContainerFixture.with { container in
            container.specification.resources.pids = .init(limit: 4)
            let outcome = try container.run(
                "(sleep 99 & sleep 99 & sleep 99 & sleep 99 & sleep 99 &) 2>&1; kill -9 1; exit 3"
            )
            #expect((outcome.output + outcome.error).contains("fork"), "\(outcome)")
        }
    }

    @Test func `a container runs on its processors only`() throws {
        try ContainerFixture.with { container in
            container.specification.resources.cpu = .init()
            container.specification.resources.cpu?.cpus = "0"
            let outcome = try container.run("grep Cpus_allowed_list /proc/self/status")
            #expect(outcome.output == "Cpus_allowed_list:\t0\n", "\(outcome)")
        }
    }

    @Test func `the kernel reports every limit`() throws {
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
                // Kernels without swap accounting do not have the file.
                guard FileSystem.exists(path) || !file.contains("sw") else { continue }
                #expect(try FileSystem.readText(path) == "\(value)\n", "\(path)")
            }
            try running.stop()
        }
    }
}
