import ContainerRuntime
import Linux
import OCI
import SystemPackage
import Testing

@Suite(.enabled(if: Machine.canRunContainers, Machine.reason))
struct HostileImageTests {
    @Test(arguments: ["proc", "sys"])
    func `an image with a link at a kernel file system is refused`(name: String) throws {
        try ContainerFixture.with { container in
            try FileSystem.makeDirectory(container.image.appending("elsewhere"))
            try FileSystem.makeSymbolicLink(container.image.appending(name), to: "/elsewhere")
            let outcome = try container.run("true")
            #expect(outcome.status == 125)
            #expect(outcome.error.contains("/\(name)"))
        }
    }

    @Test(arguments: ["/../../../../../..", "../../../.."])
    func `devices are not created outside the root through a link`(prefix: String) throws {
        try ContainerFixture.with { container in
            let outside = container.directory.appending("outside")
            try FileSystem.makeDirectory(outside)
            try FileSystem.makeSymbolicLink(
                container.image.appending("dev"),
                to: FilePath(prefix + outside.string)
            )
            let outcome = try container.run("ls /dev/null")
            #expect(outcome.output == "/dev/null\n", "\(outcome)")
            try #expect(FileSystem.entries(of: outside).isEmpty)
        }
    }

    @Test func `a volume is mounted inside the root whatever links its target contains`() throws {
        try ContainerFixture.with { container in
            let (volume, outside) = (
                container.directory.appending("volume"), container.directory.appending("outside")
            )
            try FileSystem.makeDirectory(volume)
            try FileSystem.makeDirectory(outside)
            try AtomicFile.write([], to: volume.appending("here"))
            try FileSystem.makeSymbolicLink(
                container.image.appending("data"),
                to: FilePath("/../../.." + outside.string)
            )
            container.specification.mounts = [
                .init(
                    destination: "/data/deep",
                    type: "bind",
                    source: volume.string,
                    options: ["rbind"]
                )
            ]
            let outcome = try container.run("ls /data/deep")
            #expect(outcome.output == "here\n", "\(outcome)")
            try #expect(FileSystem.entries(of: outside).isEmpty)
        }
    }

    @Test(arguments: ["/", "/../..", "."])
    func `a mount over the root itself is refused`(target: String) throws {
        try ContainerFixture.with { container in
            try FileSystem.makeSymbolicLink(
                container.image.appending("data"),
                to: FilePath(target)
            )
            container.specification.mounts = [
                .init(destination: "/data", type: "tmpfs", source: "tmpfs", options: [])
            ]
            let outcome = try container.run("true")
            #expect(outcome.status == 125)
            #expect(outcome.error.contains("/data"), "\(outcome)")
        }
    }

    @Test(arguments: [
        "../../../../../../..", "/proc/self/fd", "/proc/self/fd/7", "/proc/self/cwd",
        "/proc/1/root",
    ])
    func `a working directory is inside the root or refused`(target: String) throws {
        try ContainerFixture.with { container in
            try FileSystem.makeSymbolicLink(
                container.image.appending("work"),
                to: FilePath(target)
            )
            container.specification.workingDirectory = "/work"
            let outcome = try container.run("ls -a; cat etc/hostname; pwd")
            let host = try FileSystem.readText("/proc/sys/kernel/hostname")
            #expect(!outcome.output.contains(host), "\(outcome)")
            #expect(outcome.status == 125 || !outcome.output.contains("lost+found"), "\(outcome)")
        }
    }

    @Test func `files mounted over links stay inside the root`() throws {
        try ContainerFixture.with { container in
            let outside = container.directory.appending("outside")
            try FileSystem.makeDirectory(outside)
            let file = container.directory.appending("hosts")
            try AtomicFile.write(Array("mine\n".utf8), to: file)
            let up = "/../../../.." + outside.string
            let etc = container.image.appending("etc")
            try FileSystem.makeSymbolicLink(etc.appending("hosts"), to: FilePath(up + "/hosts"))
            try FileSystem.makeSymbolicLink(etc.appending("resolv.conf"), to: FilePath(up))
            container.specification.mounts = ["/etc/hosts", "/etc/resolv.conf/deep"].map { target in
                .init(destination: target, type: "bind", source: file.string, options: ["bind"])
            }
            let outcome = try container.run("cat /etc/hosts /etc/resolv.conf/deep")
            #expect(outcome.output == "mine\nmine\n", "\(outcome)")
            try #expect(FileSystem.entries(of: outside).isEmpty)
        }
    }

    @Test(arguments: ["/etc/passwd", "/etc/group"])
    func `a user database that is not a regular file counts as empty`(path: String) throws {
        try ContainerFixture.with { container in
            let file = container.image.pushing(FilePath(String(path.dropFirst())))
            let replacements: [() throws -> Void] = [
                { try FileSystem.makeDirectory(file) },
                { try FileSystem.makeSymbolicLink(file, to: "/proc/self/environ") },
                { try FileSystem.makeSymbolicLink(file, to: FilePath(path)) },
                { try FileSystem.makeSymbolicLink(file, to: "/dev/zero") },
                {
                    let huge = try Descriptor.open(file, [.writing, .creating])
                    try huge.truncate(to: 1 << 40)
                },
            ]
            container.specification.user = "1000:50"
            for replace in replacements {
                try FileSystem.removeTree(file)
                try replace()
                let outcome = try container.run("grep -E '^(Uid|Gid)' /proc/self/status | cut -f2")
                #expect(outcome.output == "1000\n50\n", "\(outcome)")
            }
        }
    }

    @Test func `a linked subpath of an image is resolved inside the image`() throws {
        try ContainerFixture.with { container in
            let (first, second) = (
                container.directory.appending("first"), container.directory.appending("second")
            )
            try FileSystem.makeDirectories(first.appending("data"))
            try FileSystem.makeDirectories(second.appending("etc"))
            try FileSystem.makeSymbolicLink(first.appending("data/out"), to: "/etc")
            try FileSystem.makeSymbolicLink(first.appending("data/up"), to: "../../../../../etc")
            try AtomicFile.write([], to: second.appending("etc/inside"))
            for part in ["data/out", "data/up"] {
                container.specification.mounts = [
                    .init(
                        destination: "/part",
                        type: "overlay",
                        source: "overlay",
                        options: [
                            "ro", "lowerdir=\(first):\(second)",
                            RuntimeExtensions.subpathOption(part),
                        ]
                    )
                ]
                let outcome = try container.run(
                    "ls /part; touch /part/x 2> /dev/null || echo sealed"
                )
                #expect(outcome.output == "inside\nsealed\n", "\(outcome)")
            }
            // The temporary mount point of the stack is unchanged.
            try #expect(FileSystem.entries(of: container.directory).contains("config.json"))
        }
    }

    @Test func `a user database that is a pipe or a link out of the image counts as empty`() throws
    {
        try ContainerFixture.with { container in
            let passwd = container.image.appending("etc/passwd")
            try FileSystem.removeFile(passwd)
            try FileSystem.makeFIFO(passwd)
            container.specification.user = "1000"
            try #expect(container.run("id -u; echo $HOME").output == "1000\n/\n")
            container.specification.user = "app"
            try #expect(container.run("true").error.contains("unable to find user 'app'"))
            try FileSystem.removeFile(passwd)
            try FileSystem.makeSymbolicLink(passwd, to: "../../../../../../../etc/passwd")
            try #expect(container.run("true").error.contains("unable to find user 'app'"))
        }
    }

    @Test(arguments: [false, true])
    func `the runtime's executable cannot be written from a container`(isPrivileged: Bool) throws {
        let program = try #require(Machine.program)
        let before = try FileSystem.status(of: program)
        try ContainerFixture.with { container in
            // The init process remains a copy of this program's image, unlike the container's program.
            container.specification.usesInit = true
            container.specification.isPrivileged = isPrivileged
            let outcome = try container.run(
                """
                (echo hostile > /proc/1/exe) 2> /dev/null && echo written
                mount -o remount,rw /proc/1/exe 2> /dev/null && echo remounted
                (echo hostile >> /proc/1/exe) 2> /dev/null && echo written
                readlink /proc/1/exe
                echo end
                """
            )
            #expect(outcome.output == "/memfd:init (deleted)\nend\n", "\(outcome)")
        }
        try #expect(FileSystem.status(of: program) == before)
    }

    @Test func `a program at /proc/self/exe cannot execute the runtime`() throws {
        try ContainerFixture.with { container in
            container.specification.arguments = ["/proc/self/exe"]
            // The runtime needs libraries that the image does not have, so it does not start.
            try #expect(container.run().status == 127)
        }
    }

    @Test(arguments: [false, true])
    func `an init process keeps nothing of the runtime`(isPrivileged: Bool) throws {
        try ContainerFixture.with { container in
            container.specification.usesInit = true
            container.specification.isPrivileged = isPrivileged
            container.specification.addedCapabilities = ["SYS_PTRACE"]
            // The mappings are the program itself, its stack and those of the kernel.
            let outcome = try container.run(
                """
                cat /proc/1/comm; tr '\\0' ' ' < /proc/1/cmdline; echo
                wc -c < /proc/1/environ; ls /proc/1/fd
                grep -cvE '\\[(stack|vdso|vvar|vvar_vclock|vsyscall)\\]' /proc/1/maps
                """
            )
            #expect(outcome.output == "init\ninit 2 \n0\n0\n1\n2\n1\n", "\(outcome)")
        }
    }

    @Test func `kernel parameters are written whatever links the image contains`() throws {
        try ContainerFixture.with { container in
            container.specification.sysctls = ["net.core.somaxconn": "123"]
            let outcome = try container.run("cat /proc/sys/net/core/somaxconn")
            #expect(outcome.output == "123\n")
        }
    }
}
