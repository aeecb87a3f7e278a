import ContainerRuntime
import Linux
import OCI
import SystemPackage
import Testing

@Suite(.enabled(if: Machine.canRunContainers, Machine.reason))
struct HostileImageTests {
    @Test(arguments: ["proc", "sys"])
    func `an image that bends kernel file systems is refused`(name: String) throws {
        try ContainerFixture.with { container in
            try FileSystem.makeDirectory(container.image.appending("elsewhere"))
            try FileSystem.makeSymbolicLink(container.image.appending(name), to: "/elsewhere")
            let outcome = try container.run("true")
            #expect(outcome.status == 125)
            #expect(outcome.error.contains("/\(name)"))
        }
    }

    @Test(arguments: ["/../../../../../..", "../../../.."])
    func `devices do not land outside of an image that points there`(prefix: String) throws {
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

    @Test func `a volume stays inside whatever its target's links say`() throws {
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
    func `a volume that would cover the root is refused`(target: String) throws {
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

    @Test func `a user database that is a pipe, or leads out, is an empty one`() throws {
        try ContainerFixture.with { container in
            let passwd = container.image.appending("etc/passwd")
            try FileSystem.removeFile(passwd)
            try FileSystem.makeFIFO(passwd)
            container.specification.user = "1000"
            try #expect(container.run("id -u; echo $HOME").output == "1000\n/\n")
            container.specification.user = "app"
            try #expect(container.run("true").error.contains("user 'app' is not in the image"))
            try FileSystem.removeFile(passwd)
            try FileSystem.makeSymbolicLink(passwd, to: "../../../../../../../etc/passwd")
            try #expect(container.run("true").error.contains("user 'app' is not in the image"))
        }
    }

    @Test(arguments: [false, true])
    func `our own program cannot be written from a container`(isPrivileged: Bool) throws {
        let program = try #require(Machine.program)
        let before = try FileSystem.status(of: program)
        try ContainerFixture.with { container in
            // The init process stays, where a container's own program would have replaced us.
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

    @Test func `a program named as our own file gets nothing of it`() throws {
        try ContainerFixture.with { container in
            container.specification.arguments = ["/proc/self/exe"]
            // Our program needs libraries that the image lacks: it does not even start.
            try #expect(container.run().status == 127)
        }
    }

    @Test(arguments: [false, true])
    func `an init process holds nothing of ours`(isPrivileged: Bool) throws {
        try ContainerFixture.with { container in
            container.specification.usesInit = true
            container.specification.isPrivileged = isPrivileged
            container.specification.addedCapabilities = ["SYS_PTRACE"]
            // What is mapped: the program itself, its stack, and what the kernel gives everyone.
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

    @Test func `links of the image cannot bend where kernel parameters are written`() throws {
        try ContainerFixture.with { container in
            container.specification.sysctls = ["net.core.somaxconn": "123"]
            let outcome = try container.run("cat /proc/sys/net/core/somaxconn")
            #expect(outcome.output == "123\n")
        }
    }
}
