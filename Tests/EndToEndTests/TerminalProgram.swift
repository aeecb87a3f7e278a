import Linux
import SystemPackage
import TestSupport
import Testing

/// A program on a pseudo-terminal, with functions to type and to read the output.
struct TerminalProgram: ~Copyable {
    private let process: ProcessHandle
    private let master: Descriptor
    /// Output that no `await` has consumed.
    private var shown: [UInt8] = []
    /// The terminal as the user sees it.
    private(set) var screen: ScreenModel
    /// The beginning of a character whose rest has not been read yet.
    private var partial: [UInt8] = []

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
        screen = ScreenModel(rows: Int(size.rows), columns: Int(size.columns))
    }

    func type(_ text: String) throws { try master.write(Array(text.utf8)) }

    /// Changes the size; what the program has drawn must have been read before.
    mutating func resize(rows: UInt16, columns: UInt16) throws {
        screen.resize(rows: Int(rows), columns: Int(columns))
        try Linux.Terminal.setSize(of: master.number, to: .init(rows: rows, columns: columns))
    }

    /// Reads until all of `texts` have appeared in any order, after the texts of earlier calls.
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
        var ends = [Int?](repeating: nil, count: texts.count)
        var searched = 0
        while true {
            for index in texts.indices where ends[index] == nil {
                let text = Array(texts[index].utf8)
                // A text may have begun at the end of what was searched before.
                ends[index] = end(of: text, from: max(0, searched - text.count))
            }
            searched = shown.count
            let found = ends.compactMap(\.self)
            if found.count == texts.count, let last = found.max() {
                shown.removeSubrange(..<last)
                return
            }
            let isOpen = try read()
            try #require(
                isOpen,
                "\(texts) are not all in \(String(decoding: shown, as: UTF8.self))",
                sourceLocation: location
            )
        }
    }

    private func end(of text: [UInt8], from start: Int) -> Int? {
        guard let first = text.first else { return start }
        var start = start
        while let place = ByteSearch.first(first, in: shown, start, shown.count) {
            if shown[place...].starts(with: text) { return place + text.count }
            start = place + 1
        }
        return nil
    }

    /// Reads once; returns false once the program has closed the terminal.
    private mutating func read() throws -> Bool {
        guard let bytes = try? master.read(), !bytes.isEmpty else { return false }
        shown += bytes
        partial += bytes
        // The bytes that continue a character begin with the bits 10.
        let start = partial.lastIndex { $0 & 0xC0 != 0x80 } ?? partial.startIndex
        let isWhole = partial[start] < 0x80
        let whole = isWhole ? partial[...] : partial[..<start]
        screen.write(String(decoding: whole, as: UTF8.self))
        partial.removeFirst(whole.count)
        return true
    }

    /// Reads to the end and returns the exit status, the unconsumed output and the final screen.
    consuming func outcome() throws -> (status: Int32, rest: String, screen: ScreenModel) {
        while try read() {}
        screen.write(String(decoding: partial, as: UTF8.self))
        return (try process.wait().code, String(decoding: shown, as: UTF8.self), screen)
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
