import ContainerRuntime
import Linux
import OCI
import SystemPackage
import Testing

/// A container that goes on while a test looks at it.
struct RunningContainer: ~Copyable {
    /// Our program, which watches over the container.
    let runner: ProcessHandle
    /// What the container writes.
    let output: Descriptor
    let fixture: ContainerFixture

    /// Starts the container with a script, and returns once that has printed `ready`.
    init(_ fixture: ContainerFixture, _ script: String, options: [String] = []) throws {
        fixture.specification.arguments = ["sh", "-c", script]
        try fixture.writeBundle()
        let program = try #require(Machine.program)
        let input = try Descriptor.open("/dev/null")
        let pipe = try Pipe()
        let arguments = ["runtime", "run"] + options + [fixture.directory.string]
        let started = try ProgramLaunch.start(
            program,
            arguments: arguments,
            descriptors: [input.number, pipe.writeEnd.number, pipe.writeEnd.number]
        )
        let readEnd = pipe.takeReadEnd()
        var line = try Self.line(from: readEnd)
        while line != "ready" && !line.isEmpty { line = try Self.line(from: readEnd) }
        #expect(line == "ready")
        self.fixture = fixture
        runner = consume started
        output = consume readEnd
    }

    /// The next line of the container's output, empty at its end.
    static func line(from output: borrowing Descriptor) throws -> String {
        var bytes: [UInt8] = []
        while let byte = try output.read(upTo: 1).first, byte != UInt8(ascii: "\n") {
            bytes.append(byte)
        }
        return String(decoding: bytes, as: UTF8.self)
    }

    /// The group of the container.
    var cgroup: Cgroup {
        get throws {
            Cgroup(fixture.specification.cgroupPath, in: try CgroupHierarchy.discover())
        }
    }

    /// The container's first process.
    var pid: Int32 {
        get throws { try #require(try cgroup.processes().first) }
    }

    /// Runs a program in the container, to its end.
    func exec(
        _ arguments: [String],
        user: String? = nil,
        terminal: Bool = false
    ) throws -> ContainerFixture.Outcome {
        let pid = try pid
        var process = try fixture.specification.specification().process
        process?.args = arguments
        process?.terminal = terminal ? true : nil
        let specification = ExecSpecification(
            pid: pid,
            startTime: try ProcessTable.startTime(of: pid),
            process: try #require(process),
            seccomp: try fixture.specification.specification().linux?.seccomp,
            user: user
        )
        let file = fixture.directory.appending("exec.json")
        try specification.write(to: file)
        return try ContainerFixture.run(["runtime", "exec", file.string], in: fixture.directory)
    }

    /// Stops the runner as Ctrl-C would, and waits; for tests that let it run to here.
    consuming func stop() throws {
        try cgroup.killAll()
        _ = try runner.wait()
    }
}

/// Waits until the process has ended, whoever its parent is; five seconds at most.
func waitForEnd(of process: borrowing ProcessHandle) throws -> Bool {
    let loop = try EventLoop()
    var hasEnded = false
    let number = process.descriptor.number
    try loop.watch(number) { _ in
        hasEnded = true
        loop.stop()
    }
    loop.after(.seconds(5)) { loop.stop() }
    try loop.run()
    return hasEnded
}
