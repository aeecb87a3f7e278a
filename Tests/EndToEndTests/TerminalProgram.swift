import Linux
import SystemPackage
import Testing

/// A program at a terminal of its own, with somebody who types and reads.
struct TerminalProgram: ~Copyable {
    private let process: ProcessHandle
    private let master: Descriptor
    private var shown: String

    /// Starts the command in a session with a new terminal, alone in its foreground; after a minute
    /// it is not waited for any longer and hangs up.
    init(
        _ command: [String],
        environment: [String: String],
        size: Linux.Terminal.Size = .init(rows: 40, columns: 100)
    ) throws {
        let options: OpenOptions = [.readingAndWriting, .noTerminalControl]
        let master = try Descriptor.open("/dev/ptmx", options)
        let slave = try Descriptor.open(
            FilePath("/dev/pts/\(try Linux.Terminal.unlock(master: master))"),
            options
        )
        try Linux.Terminal.setSize(of: master.number, to: size)
        let variables = ProcessEnvironment.variables.merging(environment) { $1 }
        process = try ChildProgram.start(
            "/usr/bin/timeout",
            arguments: ["--foreground", "-k", "10", "60", "setsid", "--ctty", "--wait"] + command,
            environment: variables.map { "\($0)=\($1)" },
            input: slave,
            output: slave,
            error: slave
        )
        self.master = master
        shown = ""
    }

    func type(_ text: String) throws { try master.write(Array(text.utf8)) }

    func resize(rows: UInt16, columns: UInt16) throws {
        try Linux.Terminal.setSize(of: master.number, to: .init(rows: rows, columns: columns))
    }

    /// Reads until all of `texts` are shown, in whatever order, after what an earlier call found.
    mutating func await(
        _ texts: String...,
        location: SourceLocation = #_sourceLocation
    ) throws {
        while true {
            let found = texts.compactMap { shown.firstRange(of: $0)?.upperBound }
            if found.count == texts.count, let last = found.max() {
                shown.removeSubrange(..<last)
                return
            }
            // The end of a terminal is an error.
            let bytes = (try? master.read()) ?? []
            try #require(
                !bytes.isEmpty,
                "\(texts) are not all in \(shown)",
                sourceLocation: location
            )
            shown += String(decoding: bytes, as: UTF8.self)
        }
    }

    /// Reads to the end; the exit status and what was shown last.
    consuming func outcome() throws -> (status: Int32, rest: String) {
        var rest = shown
        // The end of a terminal is an error.
        while let bytes = try? master.read(), !bytes.isEmpty {
            rest += String(decoding: bytes, as: UTF8.self)
        }
        return (try process.wait().code, rest)
    }
}

extension ScratchProject {
    func atTerminal(_ arguments: String...) throws -> TerminalProgram {
        try TerminalProgram(
            [machine.program.string, "--project-name", name, "--file"]
                + [directory.appending("compose.yaml").string] + arguments,
            environment: ["SWIFTCOMPOSE_ROOT": machine.root.string]
        )
    }
}
