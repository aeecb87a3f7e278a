import ContainerRuntime
import Linux
import OCI
import SystemPackage
import Testing

@Suite(.enabled(if: Machine.canRunContainers, Machine.reason))
struct ContainerTests {
    @Test(arguments: ["exit 0": Int32(0), "exit 7": 7, "kill -TERM $$; sleep 9": 0])
    func `the exit code is the program's`(script: String, code: Int32) throws {
        try ContainerFixture.with { container in
            // A PID 1 without a handler does not hear its own SIGTERM.
            let script = script.contains("kill") ? "kill -TERM $$; exit 0" : script
            try #expect(container.run(script).status == code)
        }
    }

    @Test func `a program ended by a signal gives 128 and its number`() throws {
        try ContainerFixture.with { container in
            container.specification.usesInit = true
            try #expect(container.run("kill -KILL $$").status == 137)
        }
    }

    @Test func `a missing program is told as 127, and one that cannot run as 126`() throws {
        try ContainerFixture.with { container in
            container.specification.arguments = ["no-such-program"]
            let missing = try container.run()
            #expect(missing.status == 127)
            #expect(missing.error.contains("no-such-program"))
            container.specification.arguments = ["/etc/passwd"]
            try #expect(container.run().status == 126)
        }
    }

    @Test func `the program is alone in namespaces of its own`() throws {
        try ContainerFixture.with { container in
            container.specification.hostName = "web"
            let outcome = try container.run(
                "echo $$; hostname; ls /proc | grep -c '^[0-9]*$'; ip -o link | wc -l; pwd"
            )
            #expect(outcome.error.isEmpty)
            #expect(outcome.output.split(separator: "\n").prefix(2) == ["1", "web"])
            #expect(outcome.output.hasSuffix("1\n/\n"))
        }
    }

    @Test func `what the program writes lands in the upper directory only`() throws {
        try ContainerFixture.with { container in
            try #expect(container.run("echo hello > /file; rm /etc/group").status == 0)
            try #expect(FileSystem.readText(container.upper.appending("file")) == "hello\n")
            #expect(!FileSystem.exists(container.image.appending("file")))
            #expect(FileSystem.exists(container.image.appending("etc/group")))
        }
    }

    @Test func `nothing of ours leaks into the program`() throws {
        try ContainerFixture.with { container in
            let outcome = try container.run(
                "for fd in /proc/self/fd/*; do echo ${fd##*/}; done; grep -E '^Sig(Blk|Ign|Cgt)' /proc/self/status | cut -f2 | sort -u; env | sort"
            )
            let lines = outcome.output.split(separator: "\n").map(String.init)
            #expect(lines.contains("0000000000000000"))
            #expect(!lines.contains { $0.hasPrefix("SWIFT") })
            #expect(lines.contains("HOME=/root"))
            #expect(!outcome.output.contains("\n4\n"))
        }
    }

    @Test(arguments: [
        ("app", "uid=1000(app) gid=1000(app) groups=50(staff),1000(app)"),
        ("1000", "uid=1000(app) gid=1000(app) groups=50(staff),1000(app)"),
        ("app:root", "uid=1000(app) gid=0(root) groups=0(root)"),
        ("4242:7", "uid=4242 gid=7 groups=7"),
    ])
    func `the user is found in the image`(user: String, expected: String) throws {
        try ContainerFixture.with { container in
            container.specification.user = user
            let outcome = try container.run("id; grep CapEff /proc/self/status; echo $HOME")
            let lines = outcome.output.split(separator: "\n").map(String.init)
            #expect(lines.first?.hasPrefix(expected) == true, "\(outcome)")
            #expect(lines.dropFirst().first == "CapEff:\t0000000000000000")
        }
    }

    @Test func `an unknown user is named in the error`() throws {
        try ContainerFixture.with { container in
            container.specification.user = "nobody-here"
            let outcome = try container.run("true")
            #expect(outcome.status == 125)
            #expect(outcome.error.contains("user 'nobody-here' is not in the image's /etc/passwd"))
        }
    }

    @Test func `root has fourteen capabilities, and the ones it asked for`() throws {
        try ContainerFixture.with { container in
            container.specification.addedCapabilities = ["NET_ADMIN"]
            container.specification.droppedCapabilities = ["CAP_MKNOD"]
            let outcome = try container.run("grep -E 'Cap(Eff|Bnd)' /proc/self/status | cut -f2")
            #expect(outcome.output == "00000000a00435fb\n00000000a00435fb\n")
        }
    }

    @Test func `the working directory is made when it is missing`() throws {
        try ContainerFixture.with { container in
            container.specification.workingDirectory = "/srv/new/place"
            try #expect(container.run("pwd").output == "/srv/new/place\n")
        }
    }

    @Test func `limits are set before the program starts`() throws {
        try ContainerFixture.with { container in
            container.specification.resourceLimits = [
                .init(type: "RLIMIT_NOFILE", soft: 100, hard: 200)
            ]
            try #expect(container.run("ulimit -n; ulimit -Hn").output == "100\n200\n")
        }
    }

    @Test func `a read-only root refuses writes, and its volumes do not`() throws {
        try ContainerFixture.with { container in
            let volume = container.directory.appending("volume")
            try FileSystem.makeDirectory(volume)
            container.specification.hasReadOnlyRoot = true
            container.specification.mounts = [
                .init(
                    destination: "/data",
                    type: "bind",
                    source: volume.string,
                    options: ["rbind"]
                ),
                .init(destination: "/run", type: "tmpfs", source: "tmpfs", options: ["size=1m"]),
            ]
            let outcome = try container.run(
                "touch /file || echo refused; touch /data/kept /run/x /dev/shm/y && echo fine"
            )
            #expect(outcome.output == "refused\nfine\n", "\(outcome)")
            #expect(FileSystem.exists(volume.appending("kept")))
        }
    }

    @Test func `a read-only volume is read-only below too`() throws {
        try ContainerFixture.with { container in
            let volume = container.directory.appending("volume")
            try FileSystem.makeDirectory(volume)
            container.specification.mounts = [
                .init(
                    destination: "/data",
                    type: "bind",
                    source: volume.string,
                    options: ["rbind", "rro", "rprivate"]
                )
            ]
            try #expect(container.run("touch /data/x || echo refused").output == "refused\n")
        }
    }

    @Test(arguments: ["/etc/deep/hosts", "/dev/full"])
    func `a single file is mounted, its place made when missing, and stays there`(
        destination: String
    ) throws {
        try ContainerFixture.with { container in
            let file = container.directory.appending("hosts")
            try AtomicFile.write(Array("127.0.0.1 me\n".utf8), to: file)
            container.specification.mounts = [
                .init(
                    destination: destination,
                    type: "bind",
                    source: file.string,
                    options: ["bind"]
                )
            ]
            try #expect(container.run("cat \(destination)").output == "127.0.0.1 me\n")
        }
    }

    @Test(arguments: ["/dev", "/dev/", "//dev/."], [true, false])
    func `devices that are brought along stay as they are`(
        destination: String,
        isPrivileged: Bool
    ) throws {
        try ContainerFixture.with { container in
            let brought = container.directory.appending("devices")
            for part in ["pts", "shm"] { try FileSystem.makeDirectories(brought.appending(part)) }
            let devices = ConfinedDirectory(try .open(brought, [.pathOnly, .directory]))
            let null = DeviceNumber(major: 1, minor: 3)
            try devices.makeDeviceNode("null", block: false, null, mode: 0o666)
            let before = try FileSystem.status(of: brought.appending("null"))
            container.specification.isPrivileged = isPrivileged
            container.specification.mounts = [
                .init(
                    destination: destination,
                    type: "bind",
                    source: brought.string,
                    options: ["rbind"]
                )
            ]
            let outcome = try container.run("touch /dev/shm/own; ls /dev /dev/pts /dev/shm")
            #expect(
                outcome.output == "/dev:\nnull\npts\nshm\n\n/dev/pts:\n\n/dev/shm:\nown\n",
                "\(outcome)"
            )
            #expect(try FileSystem.status(of: brought.appending("null")) == before)
            #expect(try FileSystem.entries(of: brought.appending("shm")).isEmpty)
        }
    }

    @Test func `a volume's subpath is mounted, and no link leads out of it`() throws {
        try ContainerFixture.with { container in
            let volume = container.directory.appending("volume")
            try FileSystem.makeDirectories(volume.appending("inner"))
            try AtomicFile.write([], to: volume.appending("inner/here"))
            try FileSystem.makeSymbolicLink(volume.appending("out"), to: "/etc")
            let mount = { (subpath: String) in
                RuntimeSpecification.Mount(
                    destination: "/data",
                    type: "bind",
                    source: volume.string,
                    options: ["bind", "io.swiftcompose.subpath=\(subpath)"]
                )
            }
            container.specification.mounts = [mount("inner")]
            try #expect(container.run("ls /data").output == "here\n")
            container.specification.mounts = [mount("out")]
            try #expect(container.run("ls /data").status == 125)
        }
    }

    @Test func `kernel parameters of the container's namespaces are set`() throws {
        try ContainerFixture.with { container in
            container.specification.sysctls = [
                "net.ipv4.ip_forward": "1", "kernel.shmmax": "12345678",
            ]
            let outcome = try container.run(
                "cat /proc/sys/net/ipv4/ip_forward /proc/sys/kernel/shmmax; echo 1 > /proc/sys/kernel/shmmax || echo refused"
            )
            #expect(outcome.output == "1\n12345678\nrefused\n")
        }
    }

    @Test func `kernel files are masked`() throws {
        try ContainerFixture.with { container in
            // Which of them a kernel has depends on how it was built.
            let outcome = try container.run(
                """
                for path in /proc/keys /proc/kcore /proc/timer_list /sys/firmware /proc/acpi; do
                    test -d $path && ls $path
                    test -f $path -o -c $path && head -c 1 $path
                done
                echo end
                """
            )
            #expect(outcome.output == "end\n")
        }
    }

    @Test func `calls that lead out of containers are refused`() throws {
        try ContainerFixture.with { container in
            container.specification.addedCapabilities = []
            let script =
                "unshare -m true || echo refused; grep Seccomp: /proc/self/status | cut -f2"
            try #expect(container.run(script).output == "refused\n2\n")
            container.specification.seccomp = .unconfined
            try #expect(container.run(script).output == "refused\n0\n")
        }
    }

    @Test func `new privileges are refused when asked`() throws {
        try ContainerFixture.with { container in
            container.specification.noNewPrivileges = true
            try #expect(
                container.run("grep NoNewPrivs /proc/self/status | cut -f2").output == "1\n"
            )
        }
    }

    @Test func `a privileged container has all devices, and no mask`() throws {
        try ContainerFixture.with { container in
            container.specification.isPrivileged = true
            let outcome = try container.run(
                "grep Seccomp: /proc/self/status | cut -f2; mount -t tmpfs none /etc && echo mounted; grep -c ' /proc/' /proc/self/mountinfo; test -e /dev/kmsg && echo devices"
            )
            #expect(outcome.output == "0\nmounted\n0\ndevices\n", "\(outcome)")
        }
    }
}
