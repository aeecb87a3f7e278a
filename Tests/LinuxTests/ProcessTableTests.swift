import Linux
import SystemPackage
import Testing

struct ProcessTableTests {
    private static let program = """
        import signal
        signal.pthread_sigmask(signal.SIG_BLOCK, [15])
        print(1, flush=True)
        signal.sigwait([15])
        """

    @Test(.enabled(if: FileSystem.exists("/usr/bin/python3"), "needs python3"))
    func `a process that waits for a signal handles it`() throws {
        let null = try Descriptor.open("/dev/null", .readingAndWriting)
        let output = try Pipe()
        let process = try ChildProgram.startDetached(
            "/usr/bin/python3",
            arguments: ["-c", Self.program],
            descriptors: [null.number, output.writeEnd.number, null.number]
        )
        _ = try output.readEnd.read()
        // It shows the signal as blocked before it waits, and nothing as blocked while it waits.
        for _ in 0..<1000 {
            let heeded = try ProcessTable.handledSignals(of: process.pid)
            #expect(heeded.contains(.terminate))
        }
        try process.send(.terminate)
        let status = try process.wait()
        #expect(status == .exited(0))
    }
}
