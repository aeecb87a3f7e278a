import Linux
import SystemPackage
import Testing

/// A program on a pseudo-terminal, with functions to type and to read the output.
struct TerminalProgram: ~Copyable {
    private let process: ProcessHandle
    private let master: Descriptor
    /// Output that no `await` has consumed.
    private var shown: String
    /// All output.
    private var transcript = ""

    /// Starts the command in the foreground of a new session; it is killed after a minute.
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

    /// Reads until all of `texts` are in the output, in any order, after those of earlier calls.
    mutating func await(
        _ texts: String...,
        location: SourceLocation = #_sourceLocation
    ) throws {
        try self.await(all: texts, location: location)
    }

    mutating func await(
        all texts: [String],
        location: SourceLocation = #_sourceLocation
    ) throws {
        while true {
            let found = texts.compactMap { shown.firstRange(of: $0)?.upperBound }
            if found.count == texts.count, let last = found.max() {
                shown.removeSubrange(..<last)
                return
            }
            // Reading fails once the program has closed the terminal.
            let bytes = (try? master.read()) ?? []
            try #require(
                !bytes.isEmpty,
                "\(texts) are not all in \(shown)",
                sourceLocation: location
            )
            shown += String(decoding: bytes, as: UTF8.self)
            transcript += String(decoding: bytes, as: UTF8.self)
        }
    }

    /// Reads to the end and returns the exit status, the unconsumed output and all output.
    consuming func outcome() throws -> (status: Int32, rest: String, transcript: String) {
        var rest = ""
        // Reading fails once the program has closed the terminal.
        while let bytes = try? master.read(), !bytes.isEmpty {
            rest += String(decoding: bytes, as: UTF8.self)
        }
        let (shown, transcript) = (shown + rest, transcript + rest)
        return (try process.wait().code, shown, transcript)
    }
}

extension ScratchProject {
    func atTerminal(
        _ arguments: String...,
        size: Linux.Terminal.Size = .init(rows: 40, columns: 100)
    ) throws -> TerminalProgram {
        try TerminalProgram(
            [machine.program.string, "--project-name", name, "--file"]
                + [directory.appending("compose.yaml").string] + arguments,
            environment: ["SWIFTCOMPOSE_ROOT": machine.root.string],
            size: size
        )
    }
}
