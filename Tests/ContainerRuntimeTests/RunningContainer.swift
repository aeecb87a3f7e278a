import ContainerRuntime
import Linux
import OCI
import SystemPackage
import Testing

/// A container that runs while a test inspects it.
struct RunningContainer: ~Copyable {
    /// The built program, which runs the container.
    let runner: ProcessHandle
    /// The container's output and errors.
    let output: Descriptor
    let fixture: ContainerFixture

    /// Starts the container with a script, and returns when this has printed `ready`.
    init(_ fixture: ContainerFixture, _ script: String, options: [String] = []) throws {
        fixture.specification.arguments = ["sh", "-c", script]
        try fixture.writeBundle()
        let program = try #require(Machine.program)
        let input = try Descriptor.open("/dev/null")
        let pipe = try Pipe()
        let arguments = ["runtime", "run"] + options + [fixture.directory.string]
        let started = try ChildProgram.startDetached(
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

    /// Reads the next line of the container's output; empty at its end.
    static func line(from output: borrowing Descriptor) throws -> String {
        var bytes: [UInt8] = []
        while let byte = try output.read(upTo: 1).first, byte != UInt8(ascii: "\n") {
            bytes.append(byte)
        }
        return String(decoding: bytes, as: UTF8.self)
    }

    /// The container's control group.
    var cgroup: Cgroup {
        get throws {
            Cgroup(fixture.specification.cgroupPath, in: try CgroupHierarchy.discover())
        }
    }

    /// The container's first process.
    var pid: Int32 {
        get throws { try #require(try cgroup.processes().first) }
    }

    /// Runs a program in the container until it exits.
    func exec(
        _ arguments: [String],
        user: String? = nil,
        terminal: Bool = false
    ) throws -> ContainerFixture.Outcome {
        let pid = try pid
        var specification = try fixture.specification.specification()
        specification.process?.args = arguments
        specification.process?.terminal = terminal ? true : nil
        if let user { specification.extensions.user = user }
        let exec = ExecSpecification(
            pid: pid,
            startTime: try ProcessTable.startTime(of: pid),
            specification: specification
        )
        let file = fixture.directory.appending("exec.json")
        try exec.write(to: file)
        return try ContainerFixture.run(["runtime", "exec", file.string], in: fixture.directory)
    }

    /// Kills the container and waits for its runner.
    consuming func stop() throws {
        try cgroup.killAll()
        _ = try runner.wait()
    }
}

/// Waits until the process, which need not be a child, exits; five seconds at most.
func waitForExit(of process: borrowing ProcessHandle) throws -> Bool {
    let loop = try EventLoop()
    var hasExited = false
    let number = process.descriptor.number
    try loop.watch(number) { _ in
        hasExited = true
        loop.stop()
    }
    loop.after(.seconds(5)) { loop.stop() }
    try loop.run()
    return hasExited
}
