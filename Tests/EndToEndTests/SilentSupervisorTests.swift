import Linux
import SystemPackage
import Testing

extension EndToEnd {
    /// Commands whose supervisor is stopped, so that it never answers.
    @Suite struct SilentSupervisorTests {
        private let services = """
            services:
              web: {image: test/busybox, command: [sleep, "300"], stop_signal: SIGKILL}
              job: {image: test/busybox, command: [sleep, "300"], stop_signal: SIGKILL}
            """

        /// Commands that change nothing, and so do not wait for each other.
        private static let readers = [
            ["attach", "web"], ["events"], ["wait", "web"], ["logs", "--follow"],
            ["exec", "-T", "web", "true"],
        ]

        private static let changers = [
            ["up"], ["up", "--detach", "--force-recreate"], ["run", "--rm", "job"], ["stop"],
            ["kill"], ["restart"], ["pause"], ["down"],
        ]

        @Test(arguments: [Signal.interrupt, .terminate])
        func `every command reports it and ends at a signal`(signal: Signal) throws {
            try withStoppedSupervisor { project in
                let reading = try Self.readers.map { try StartedCommand($0, of: project) }
                for command in reading { try command.end(signal) }
                for arguments in Self.changers {
                    let command = try StartedCommand(arguments, of: project)
                    try command.end(signal)
                }
            }
        }

        @Test func `a command that waits for another one ends at a signal`() throws {
            try withStoppedSupervisor { project in
                let stop = try StartedCommand(["stop"], of: project)
                try stop.awaitNotice()
                let up = try StartedCommand(["up"], of: project)
                try up.awaitText("for process")
                try up.end(.interrupt, after: nil)
                try stop.end(.interrupt, after: nil)
            }
        }

        private func withStoppedSupervisor(_ body: (ScratchProject) throws -> Void) throws {
            try needBusyBox()
            try withProject(["compose.yaml": services]) { project in
                try project.compose("up", "--detach")
                let supervisor = try ProcessHandle(pid: try #require(try project.supervisorPID()))
                try supervisor.send(try #require(Signal("STOP")))
                defer {
                    // Without it the project could not be removed.
                    try? supervisor.send(.continue)
                }
                try body(project)
            }
        }
    }
}

/// A command on a terminal, with its process id in a file.
private final class StartedCommand {
    private let arguments: [String]
    private var program: TerminalProgram?
    private let pidFile: FilePath

    init(_ arguments: [String], of project: ScratchProject) throws {
        self.arguments = arguments
        pidFile = project.directory.appending("pid-" + arguments.joined(separator: "-"))
        let machine = project.machine
        program = try TerminalProgram(
            ["sh", "-c", "echo $$ >\"$0\"; exec \"$@\"", pidFile.string, machine.program.string]
                + ["--ansi", "never"] + project.options + arguments,
            environment: ["SWIFTCOMPOSE_ROOT": machine.root.string]
        )
    }

    func awaitText(_ text: String) throws { try program?.await(text) }

    func awaitNotice() throws { try awaitText("does not answer") }

    /// Sends the command a signal once it has reported the silence, and awaits its end.
    func end(_ signal: Signal, after notice: String? = "does not answer") throws {
        if let notice { try awaitText(notice) }
        let text = try FileSystem.readText(pidFile).filter(\.isNumber)
        try ProcessHandle(pid: try #require(Int32(text))).send(signal)
        guard let outcome = try program.take()?.outcome() else { return }
        // A command that did not end has been killed by its time limit.
        #expect(![0, 124, 137].contains(outcome.status), "\(arguments): \(outcome)")
    }
}

extension ScratchProject {
    /// The process of the project's supervisor; nil if there is none.
    func supervisorPID() throws -> Int32? {
        for entry in try FileSystem.entries(of: "/proc") {
            guard let pid = Int32(entry) else { continue }
            // Other processes may exit during the search.
            let words = (try? FileSystem.readText(FilePath("/proc/\(pid)/cmdline"))) ?? ""
            let parts = words.split(separator: "\0")
            guard parts.count == 5, parts[1] == "supervise", parts[2] == name else { continue }
            return pid
        }
        return nil
    }
}
