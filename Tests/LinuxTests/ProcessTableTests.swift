import Linux
import SystemPackage
import Testing

struct ProcessTableTests {
    @Test(.enabled(if: FileSystem.exists("/usr/bin/python3"), "needs python3"))
    func `a process that waits for a signal heeds it`() throws {
        let null = try Descriptor.open("/dev/null", .readingAndWriting)
        let output = try Pipe()
        let process = try ProgramLaunch.start(
            "/usr/bin/python3",
            arguments: ["-c", "import signal; print(1, flush=True); signal.sigwait([15])"],
            descriptors: [null.number, output.writeEnd.number, null.number]
        )
        _ = try output.readEnd.read()
        // Between the line that it wrote and its wait lie a few microseconds.
        var looks = 0
        while try !ProcessTable.heededSignals(of: process.pid).contains(.terminate), looks < 10_000
        {
            looks += 1
        }
        try process.send(.terminate)
        let status = try process.wait()
        #expect(status == .exited(0))
    }
}
