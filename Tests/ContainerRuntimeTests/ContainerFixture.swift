import Linux
import OCI
import SystemPackage
import TestSupport
import Testing

@testable import ContainerRuntime

/// The requirements of these tests on the machine.
enum Machine {
    /// The built program, in the same directory as the tests.
    static let program: FilePath? = {
        guard let tests = try? FileSystem.readSymbolicLink("/proc/self/exe") else { return nil }
        // The testing helper belongs to the toolchain; the path of the test bundle is its argument.
        let bundle = CommandLine.arguments.first { $0.hasSuffix(".xctest") }.map { FilePath($0) }
        let candidates = [tests, bundle].compactMap { $0 }.map {
            $0.removingLastComponent().appending("swiftcompose")
        }
        return candidates.first { FileSystem.exists($0) }
    }()

    static let busybox: FilePath? = ["/bin/busybox", "/usr/bin/busybox"].first {
        FileSystem.exists($0)
    }

    static let isRoot: Bool = {
        // Without the file the process is not an ordinary root.
        let status = try? ProcessTable.statusFields(of: CurrentProcess.pid)
        return status?.first { $0.0 == "Uid" }?.1.hasPrefix("0\t") == true
    }()

    /// Whether the kernel reports the exit status of non-children: Linux 6.15, PIDFD_INFO_EXIT.
    static func reportsExitOfNonChildren() throws -> Bool {
        let release = try FileSystem.readText("/proc/sys/kernel/osrelease")
        let numbers = release.split { !$0.isNumber }.prefix(2).compactMap { Int($0) }
        return !numbers.lexicographicallyPrecedes([6, 15])
    }

    static let canRunContainers = program != nil && busybox != nil && isRoot
    static let reason: Comment = "needs root, busybox-static and the built program"
}

/// A container of a test: a busybox image below a writable layer of its own.
final class ContainerFixture {
    struct Outcome {
        var status: Int32
        var output: String
        var error: String
    }

    let directory: FilePath
    var specification: DefaultSpecification
    /// The image's directory, which a test may make hostile.
    var image: FilePath { directory.appending("image") }
    var upper: FilePath { directory.appending("upper") }

    private init(_ directory: FilePath) {
        self.directory = directory
        let name = directory.lastComponent?.string ?? ""
        specification = DefaultSpecification(
            arguments: ["sh", "-c", "true"],
            cgroupPath: "/swiftcompose-tests/\(name)"
        )
        specification.overlay = .init(
            lower: [image],
            upper: directory.appending("upper"),
            work: directory.appending("work")
        )
    }

    /// Calls `body` with a new container, then removes the container and its files.
    static func with<Result>(_ body: (ContainerFixture) throws -> Result) throws -> Result {
        try withScratchDirectory { directory in
            let fixture = ContainerFixture(directory)
            for part in ["image/bin", "image/etc", "upper", "work", "rootfs"] {
                try FileSystem.makeDirectories(directory.appending(part))
            }
            try fixture.fillImage()
            let result = Swift.Result { try body(fixture) }
            let path = fixture.specification.cgroupPath
            let cgroup = Cgroup(path, in: try CgroupHierarchy.discover())
            try cgroup.killAll()
            try cgroup.remove()
            cgroup.removeParent()
            return try result.get()
        }
    }

    private func fillImage() throws {
        let busybox = try #require(Machine.busybox)
        try AtomicFile.write(
            try FileSystem.read(busybox),
            to: image.appending("bin/busybox"),
            mode: 0o755
        )
        for name in Self.applets {
            try FileSystem.makeSymbolicLink(image.appending("bin/\(name)"), to: "busybox")
        }
        let passwd = "root:x:0:0::/root:/bin/sh\napp:x:1000:1000::/home/app:/bin/sh\n"
        let group = "root:x:0:\napp:x:1000:\nstaff:x:50:app\n"
        try AtomicFile.write(Array(passwd.utf8), to: image.appending("etc/passwd"))
        try AtomicFile.write(Array(group.utf8), to: image.appending("etc/group"))
    }

    private static let applets = [
        "sh", "cat", "chroot", "cut", "dd", "echo", "env", "false", "grep", "head", "hostname",
        "id", "ip", "kill", "ln", "ls", "mkdir", "mknod", "mount", "nproc", "ps", "pwd",
        "readlink", "rm", "sed", "sleep", "sort", "stat", "test", "touch", "tr", "true", "tty",
        "umount", "unshare", "wc",
    ]

    /// Runs a shell script as the container's program until it exits.
    func run(_ script: String) throws -> Outcome {
        specification.arguments = ["sh", "-c", script]
        return try run()
    }

    /// Runs the container as specified until it exits.
    func run(options: [String] = []) throws -> Outcome {
        try writeBundle()
        return try Self.run(["runtime", "run"] + options + [directory.string], in: directory)
    }

    func writeBundle() throws {
        try Bundle(directory: directory, specification: specification.specification()).write()
    }

    /// Runs the built program, or another, with empty input.
    static func run(
        _ arguments: [String],
        in directory: FilePath,
        program: FilePath? = Machine.program
    ) throws -> Outcome {
        let process = try start(arguments, in: directory, program: program)
        let status = try process.wait()
        return Outcome(
            status: status.code,
            output: try FileSystem.readText(directory.appending("stdout")),
            error: try FileSystem.readText(directory.appending("stderr"))
        )
    }

    /// Starts a program with its output in files of `directory`.
    static func start(
        _ arguments: [String],
        in directory: FilePath,
        program: FilePath?
    ) throws -> ProcessHandle {
        let program = try #require(program)
        let input = try Descriptor.open("/dev/null")
        let options: OpenOptions = [.writing, .creating, .truncating]
        let output = try Descriptor.open(directory.appending("stdout"), options)
        let error = try Descriptor.open(directory.appending("stderr"), options)
        return try ChildProgram.startDetached(
            program,
            arguments: arguments,
            descriptors: [input.number, output.number, error.number]
        )
    }
}
