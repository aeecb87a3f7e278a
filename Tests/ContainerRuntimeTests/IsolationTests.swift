import ContainerRuntime
import Linux
import OCI
import SystemPackage
import Testing

/// Attempts to see and change the host from inside a container.
@Suite(.enabled(if: Machine.canRunContainers, Machine.reason))
struct IsolationTests {
    @Test func `only the three standard streams are open`() throws {
        try ContainerFixture.with { container in
            let outcome = try container.run(
                "ls /proc/1/fd; test $(readlink /proc/1/cwd) = / && echo root"
            )
            #expect(outcome.output == "0\n1\n2\nroot\n", "\(outcome)")
        }
    }

    @Test func `only the three standard streams of an exec are open`() throws {
        try ContainerFixture.with { container in
            let running = try RunningContainer(container, "echo ready; sleep 99")
            // The fourth is opened by ls itself.
            let outcome = try running.exec(["ls", "/proc/self/fd"])
            #expect(outcome.output == "0\n1\n2\n3\n", "\(outcome)")
            try running.stop()
        }
    }

    @Test func `mounting a possible network file system does not change the container's network`()
        throws
    {
        try ContainerFixture.with { container in
            container.specification.mounts = [
                .init(destination: "/far", type: "ramfs", source: "ramfs", options: ["mode=700"])
            ]
            let outcome = try container.run(
                "grep -c ' /far ' /proc/self/mountinfo; ls /sys/class/net; ip -o link | wc -l"
            )
            #expect(outcome.output == "1\nlo\n1\n", "\(outcome)")
        }
    }

    @Test func `only the standard mounts are visible`() throws {
        try ContainerFixture.with { container in
            // The mount points and whether they are writable; control groups depend on the machine.
            let outcome = try container.run(
                "cut -d' ' -f5,6 /proc/self/mountinfo | sed 's/,.*//' | grep -v /sys/fs/cgroup"
            )
            let all = outcome.output.split(separator: "\n").map(String.init)
            let masked = Set(DefaultSpecificationPaths.masked + DefaultSpecificationPaths.readOnly)
            let rest = all.filter { line in !masked.contains { line == "\($0) ro" } }
            #expect(
                rest == [
                    "/ rw", "/proc rw", "/dev rw", "/dev/pts rw", "/sys ro", "/dev/mqueue rw",
                    "/dev/shm rw",
                ]
            )
        }
    }

    @Test func `kernel files can neither be written nor remounted`() throws {
        try ContainerFixture.with { container in
            let outcome = try container.run(
                """
                for path in /proc/sys/kernel/core_pattern /proc/sysrq-trigger /proc/irq/x \
                    /sys/kernel/mm/x /sys/fs/cgroup/x $(echo /sys/fs/cgroup/*/cgroup.procs); do
                    (echo 0 > $path) 2> /dev/null && echo written $path
                done
                mkdir /sys/fs/cgroup/x 2> /dev/null && echo made
                for path in / /sys /proc/sys /sys/fs/cgroup; do
                    mount -o remount,rw $path 2> /dev/null && echo remounted $path
                done
                umount /proc/kcore 2> /dev/null && echo unmasked
                echo end
                """
            )
            #expect(outcome.output == "end\n", "\(outcome)")
        }
    }

    @Test func `only the default devices can be opened`() throws {
        let devices: [(name: String, numbers: String, isOpen: Bool)] = [
            ("null", "1 3", true), ("zero", "1 5", true), ("full", "1 7", true),
            ("random", "1 8", true), ("urandom", "1 9", true), ("mem", "1 1", false),
            ("port", "1 4", false), ("kmsg", "1 11", false), ("loop-control", "10 237", false),
            ("fuse", "10 229", false), ("tun", "10 200", false), ("kvm", "10 232", false),
        ]
        try ContainerFixture.with { container in
            let lines = devices.map { device in
                """
                mknod /\(device.name) c \(device.numbers)
                (: < /\(device.name)) 2>&1 | grep -q 'not permitted' && echo \(device.name)
                """
            }
            let outcome = try container.run(lines.joined(separator: "\n"))
            let refused = devices.filter { !$0.isOpen }.map(\.name)
            #expect(outcome.output.split(separator: "\n").map(String.init) == refused, "\(outcome)")
        }
    }

    @Test func `the host's environment is not inherited`() throws {
        try ContainerFixture.with { container in
            container.specification.environment = ["PATH=/bin", "COLOUR=blue"]
            let outcome = try container.run("tr '\\0' '\\n' < /proc/1/environ | sort")
            #expect(
                outcome.output.split(separator: "\n").map(String.init)
                    == ["COLOUR=blue", "HOME=/root", "PATH=/bin"],
                "\(outcome)"
            )
        }
    }

    @Test func `another container's processes and shared memory are not visible`() throws {
        try ContainerFixture.with { first in
            let running = try RunningContainer(
                first,
                "echo here > /dev/shm/x; echo ready; sleep 99"
            )
            try ContainerFixture.with { second in
                let outcome = try second.run(
                    "ls /dev/shm; ps | grep -c 'sleep 9[9]'; ls /proc/2 2>&1 | wc -l"
                )
                #expect(outcome.output.hasPrefix("0\n"), "\(outcome)")
            }
            try running.stop()
        }
    }
}

/// The paths that Docker masks and makes read-only.
enum DefaultSpecificationPaths {
    static let masked = [
        "/proc/acpi", "/proc/asound", "/proc/interrupts", "/proc/kcore", "/proc/keys",
        "/proc/latency_stats", "/proc/sched_debug", "/proc/scsi", "/proc/timer_list",
        "/proc/timer_stats", "/sys/devices/virtual/powercap", "/sys/firmware",
    ]
    static let readOnly = [
        "/proc/bus", "/proc/fs", "/proc/irq", "/proc/sys", "/proc/sysrq-trigger",
    ]
}
