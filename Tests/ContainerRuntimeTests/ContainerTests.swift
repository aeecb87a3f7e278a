import ContainerRuntime
import Linux
import OCI
import SystemPackage
import Testing

@Suite(.enabled(if: Machine.canRunContainers, Machine.reason))
struct ContainerTests {
    @Test(arguments: ["exit 0": Int32(0), "exit 7": 7, "kill -TERM $$; sleep 9": 0])
    func `the exit code is that of the program`(script: String, code: Int32) throws {
        try ContainerFixture.with { container in
            // PID 1 ignores SIGTERM unless it has a handler.
            let script = script.contains("kill") ? "kill -TERM $$; exit 0" : script
            try #expect(container.run(script).status == code)
        }
    }

    @Test func `a program killed by a signal exits with 128 plus its number`() throws {
        try ContainerFixture.with { container in
            container.specification.usesInit = true
            try #expect(container.run("kill -KILL $$").status == 137)
        }
    }

    @Test func `a missing program exits with 127, and one that cannot be executed with 126`() throws
    {
        try ContainerFixture.with { container in
            container.specification.arguments = ["no-such-program"]
            let missing = try container.run()
            #expect(missing.status == 127)
            #expect(missing.error.contains("no-such-program"))
            container.specification.arguments = ["/etc/passwd"]
            try #expect(container.run().status == 126)
        }
    }

    @Test func `the program has namespaces of its own`() throws {
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

    @Test func `writes go to the upper directory only`() throws {
        try ContainerFixture.with { container in
            try #expect(container.run("echo hello > /file; rm /etc/group").status == 0)
            try #expect(FileSystem.readText(container.upper.appending("file")) == "hello\n")
            #expect(!FileSystem.exists(container.image.appending("file")))
            #expect(FileSystem.exists(container.image.appending("etc/group")))
        }
    }

    @Test func `the program inherits no descriptors, signal state or environment`() throws {
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
    func `the user is looked up in the image`(user: String, expected: String) throws {
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
            #expect(outcome.error.contains("unable to find user 'nobody-here'"))
        }
    }

    @Test func `root has the default capabilities, with additions and removals`() throws {
        try ContainerFixture.with { container in
            container.specification.addedCapabilities = ["NET_ADMIN"]
            container.specification.droppedCapabilities = ["CAP_MKNOD"]
            let outcome = try container.run("grep -E 'Cap(Eff|Bnd)' /proc/self/status | cut -f2")
            #expect(outcome.output == "00000000a00435fb\n00000000a00435fb\n")
        }
    }

    @Test func `a missing working directory is created`() throws {
        try ContainerFixture.with { container in
            container.specification.workingDirectory = "/srv/new/place"
            try #expect(container.run("pwd").output == "/srv/new/place\n")
        }
    }

    @Test func `resource limits are set before the program starts`() throws {
        try ContainerFixture.with { container in
            container.specification.resourceLimits = [
                .init(type: "RLIMIT_NOFILE", soft: 100, hard: 200)
            ]
            try #expect(container.run("ulimit -n; ulimit -Hn").output == "100\n200\n")
        }
    }

    @Test func `a read-only root refuses writes, but its volumes accept them`() throws {
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

    @Test func `a read-only volume is read-only in its submounts too`() throws {
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
    func `a single file is mounted, and its mount point created when missing`(
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
    func `devices of a directory bound on /dev are not changed`(
        destination: String,
        isPrivileged: Bool
    ) throws {
        try ContainerFixture.with { container in
            let bound = container.directory.appending("devices")
            for part in ["pts", "shm"] { try FileSystem.makeDirectories(bound.appending(part)) }
            let devices = ConfinedDirectory(try .open(bound, [.pathOnly, .directory]))
            let null = DeviceNumber(major: 1, minor: 3)
            try devices.makeDeviceNode("null", block: false, null, mode: 0o666)
            let before = try FileSystem.status(of: bound.appending("null"))
            container.specification.isPrivileged = isPrivileged
            container.specification.mounts = [
                .init(
                    destination: destination,
                    type: "bind",
                    source: bound.string,
                    options: ["rbind"]
                )
            ]
            let outcome = try container.run("touch /dev/shm/own; ls /dev /dev/pts /dev/shm")
            #expect(
                outcome.output == "/dev:\nnull\npts\nshm\n\n/dev/pts:\n\n/dev/shm:\nown\n",
                "\(outcome)"
            )
            #expect(try FileSystem.status(of: bound.appending("null")) == before)
            #expect(try FileSystem.entries(of: bound.appending("shm")).isEmpty)
        }
    }

    @Test func `a volume's subpath is mounted, and links cannot leave the volume`() throws {
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

    @Test func `no name of a kernel parameter leads to one of the host`() throws {
        let panic = try FileSystem.readText("/proc/sys/kernel/panic")
        try ContainerFixture.with { container in
            for name in ["net/../kernel/panic", "net.//.kernel.panic", "kernel/shm/../panic"] {
                container.specification.sysctls = [name: "7"]
                let error = #expect(throws: RuntimeError.self) { try container.run("true") }
                #expect(error?.description.contains(name) == true, "\(error as Any)")
            }
        }
        #expect(try FileSystem.readText("/proc/sys/kernel/panic") == panic)
    }

    @Test func `kernel files are masked`() throws {
        try ContainerFixture.with { container in
            // Not every kernel has all of these files.
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

    @Test func `new namespaces are refused with and without a filter`() throws {
        try ContainerFixture.with { container in
            container.specification.addedCapabilities = []
            let script =
                "unshare -m true || echo refused; grep Seccomp: /proc/self/status | cut -f2"
            try #expect(container.run(script).output == "refused\n2\n")
            container.specification.seccomp = .unconfined
            try #expect(container.run(script).output == "refused\n0\n")
        }
    }

    @Test func `no-new-privileges is set`() throws {
        try ContainerFixture.with { container in
            container.specification.noNewPrivileges = true
            try #expect(
                container.run("grep NoNewPrivs /proc/self/status | cut -f2").output == "1\n"
            )
        }
    }

    @Test func `a privileged container has all devices and no masked paths`() throws {
        try ContainerFixture.with { container in
            container.specification.isPrivileged = true
            let outcome = try container.run(
                "grep Seccomp: /proc/self/status | cut -f2; mount -t tmpfs none /etc && echo mounted; grep -c ' /proc/' /proc/self/mountinfo; test -e /dev/kmsg && echo devices"
            )
            #expect(outcome.output == "0\nmounted\n0\ndevices\n", "\(outcome)")
        }
    }
}
