import Linux
import OCI
import SystemPackage

/// Carries a container's output from its FIFOs into its log.
///
/// Bytes move from a FIFO into a spool file inside the kernel, then become log lines, then leave
/// the spool; a journal tells after a sudden death which of these steps were done. So whoever
/// takes over neither loses nor repeats a line.
final class ContainerLog {
    /// Bytes moved at a time; also what a FIFO is made to hold.
    private static let batch = 262_144
    /// A spool longer than this is emptied even in the middle of a line.
    private static let spoolLimit: Int64 = 1_048_576

    private var file: LogFile
    private let pipes: [LogPipe]
    private let journalFile: Descriptor
    private var journal: LogJournal
    private var raw: [UInt8] = []
    private var lines: [UInt8] = []
    /// Since something could not be kept: why, and bytes of the container's output or of lines.
    private var loss: (reason: SystemCallError, bytes: Int)?
    /// Told in words when output begins to be lost, and when it is kept again.
    var onTrouble: (String) -> Void = { _ in }

    /// Opens everything, making what is missing, and finishes what a dead writer began.
    ///
    /// Where nothing is to be kept, the latest output goes through a small log beside `spool`, for
    /// those who are attached.
    init(_ paths: ContainerPaths, spool: FilePath, rule: LogRule) throws(SystemCallError) {
        try FileSystem.makeDirectories(spool, mode: 0o700)
        pipes = try Self.pipes(paths, spool)
        let path: FilePath
        switch rule {
        case .files(let maximumSize, let count):
            path = paths.log
            file = try LogFile(path, maximumSize: maximumSize, count: count)
        case .none:
            path = ProjectPaths.passingLog(spool)
            file = try LogFile(path, maximumSize: 1_048_576, count: 4)
        }
        journalFile = try Descriptor.open(
            spool.appending("journal"),
            [.readingAndWriting, .creating],
            mode: 0o600
        )
        journal = LogJournal(try journalFile.read(all: 0..<40)) ?? LogJournal()
        do {
            try recover(path)
        } catch {
            // Better repeated lines than a container that cannot be supervised.
            journal = LogJournal()
        }
    }

    /// Each stream's way into its spool.
    static func pipes(
        _ paths: ContainerPaths,
        _ spool: FilePath
    ) throws(SystemCallError) -> [LogPipe] {
        [
            try LogPipe(fifo: paths.standardOutput, spool: spool.appending("stdout")),
            try LogPipe(fifo: paths.standardError, spool: spool.appending("stderr")),
        ]
    }

    /// The descriptor to watch for a stream's output.
    func descriptor(_ stream: LogStream) -> Int32 { pipes[stream.rawValue].fifo.number }

    /// Those of all streams.
    var descriptors: [Int32] { LogStream.allCases.map(descriptor) }

    /// Moves what a stream's FIFO holds into the log, a batch at most; false when it was empty.
    ///
    /// What a full disk has no room for is dropped, for the container must not wait.
    @discardableResult
    func pump(_ stream: LogStream) throws(SystemCallError) -> Bool {
        do throws(SystemCallError) {
            guard try pipes[stream.rawValue].fill(upTo: Self.batch) else { return false }
        } catch  where error.isForWantOfSpace {
            lose(try pipes[stream.rawValue].drop(upTo: Self.batch), error)
            return true
        }
        let isFull = pipes[stream.rawValue].size > Self.spoolLimit
        try write(stream, isForced: isFull)
        return true
    }

    /// Moves what a terminal shows into a stream's FIFO, where no death can strike it any more;
    /// false when it shows nothing or the FIFO is full. Throws when the terminal is closed.
    func take(
        _ stream: LogStream,
        from console: borrowing Descriptor
    ) throws(SystemCallError) -> Bool {
        try pipes[stream.rawValue].take(from: console, upTo: Self.batch)
    }

    /// Where a line began that has no end yet; nil when there is none.
    func unfinishedLine(_ stream: LogStream) -> Int64? {
        let position = journal.positions[stream.rawValue]
        return position < pipes[stream.rawValue].size ? position : nil
    }

    /// Writes what there is of a line without waiting for its end, such as a prompt.
    func flush(_ stream: LogStream) throws(SystemCallError) {
        try write(stream, isForced: true)
    }

    /// Moves everything that is there, and ends lines that have no newline: the container ended.
    func finish() throws(SystemCallError) {
        for stream in LogStream.allCases {
            while try pump(stream) {}
            try write(stream, isForced: true)
            guard journal.isOpen[stream.rawValue] else { continue }
            lines = LogFormat.header(.now, stream, .cutOff) + [UInt8(ascii: "\n")]
            append(lines)
            journal.isOpen[stream.rawValue] = false
            try save()
        }
    }

    private func write(_ stream: LogStream, isForced: Bool) throws(SystemCallError) {
        let pipe = pipes[stream.rawValue]
        let length = try pipe.read(into: &raw, from: journal.positions[stream.rawValue])
        let now = Timestamp.now
        let headers = (
            LogFormat.header(now, stream, .whole),
            LogFormat.header(now, stream, .piece)
        )
        var start = 0
        while start < length {
            lines.removeAll(keepingCapacity: true)
            let used = LogFormat.append(
                raw,
                start..<length,
                headers: headers,
                to: &lines,
                limit: min(Self.batch, file.room),
                isForced: isForced
            )
            if used == 0 { break }
            start += used
            append(lines)
            journal.positions[stream.rawValue] += Int64(used)
            journal.isOpen[stream.rawValue] = raw[start - 1] != UInt8(ascii: "\n")
            // Emptied before the journal says so: a spool shorter than its position is a new one.
            if start == length { try pipe.empty(&journal.positions[stream.rawValue]) }
            try save()
        }
    }

    /// A full disk costs lines but stops no container.
    private func append(_ lines: [UInt8]) {
        do throws(SystemCallError) {
            if let loss {
                try file.append(gap(loss.bytes, loss.reason))
                onTrouble("output is kept again; \(loss.bytes) bytes were lost")
                self.loss = nil
            }
            try file.append(lines)
        } catch {
            lose(lines.count, error)
        }
    }

    private func lose(_ bytes: Int, _ reason: SystemCallError) {
        if loss == nil { onTrouble("output is being lost: \(reason)") }
        loss = (reason, (loss?.bytes ?? 0) + bytes)
    }

    /// The line that tells a reader of what is missing before it.
    private func gap(_ bytes: Int, _ reason: SystemCallError) -> [UInt8] {
        let words = "swiftcompose: \(bytes) bytes of output were lost here: \(reason.reason)\n"
        return LogFormat.header(.now, .error, .whole) + Array(words.utf8)
    }

    private func save() throws(SystemCallError) {
        journal.inode = file.inode
        journal.size = file.size
        try journalFile.write(journal.bytes, at: 0)
    }

    /// Counts what the log got after the journal was written, then goes on from there.
    private func recover(_ log: FilePath) throws(SystemCallError) {
        if journal.inode != 0 { try count(LogChain.open(log)) }
        for stream in LogStream.allCases {
            let position = journal.positions[stream.rawValue]
            // The end of a last line is counted, but was never written by the container.
            if position > pipes[stream.rawValue].size {
                try pipes[stream.rawValue].empty(&journal.positions[stream.rawValue])
            }
        }
        try save()
        for stream in LogStream.allCases { try write(stream, isForced: false) }
    }

    private func count(_ files: [LogChain.Place]) throws(SystemCallError) {
        let known = files.firstIndex { $0.inode == journal.inode }
        for (index, place) in files.enumerated() where index >= known ?? 0 {
            let start = index == known ? journal.size : 0
            if index == files.count - 1 { try file.repair(from: start) }
            let size = try place.descriptor.status().size
            guard size > start else { continue }
            journal.advance(over: try place.descriptor.read(all: start..<size))
        }
    }
}
