import Linux
import OCI
import SystemPackage

/// Moves a container's output from its FIFOs into its log.
///
/// The kernel moves bytes from a FIFO into a spool file; they are appended to the log as lines and
/// then removed from the spool. A journal records which of these steps were completed, so that
/// after a kill the next writer neither loses nor repeats a line.
final class ContainerLog {
    /// The most bytes moved at a time, and the capacity of a FIFO.
    private static let batch = 262_144
    /// The spool's length above which it is emptied even in the middle of a line.
    private static let spoolLimit: Int64 = 1_048_576

    private var file: LogFile
    private let pipes: [LogPipe]
    private let journalFile: Descriptor
    private var journal: LogJournal
    private var raw: [UInt8] = []
    private var lines: [UInt8] = []
    /// The reason and the number of lost bytes while output cannot be written.
    private var loss: (reason: SystemCallError, bytes: Int)?
    /// Called with a message when output begins to be lost, and when it is written again.
    var onTrouble: (String) -> Void = { _ in }

    /// Opens or creates FIFOs, spool and log, and completes the steps of a killed writer.
    ///
    /// If no log is to be kept, recent output goes to a small log beside `spool`, for attached
    /// commands.
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
            // Repeated lines are better than a container that cannot be supervised.
            journal = LogJournal()
        }
    }

    /// The FIFO and spool of each stream.
    static func pipes(
        _ paths: ContainerPaths,
        _ spool: FilePath
    ) throws(SystemCallError) -> [LogPipe] {
        [
            try LogPipe(fifo: paths.standardOutput, spool: spool.appending("stdout")),
            try LogPipe(fifo: paths.standardError, spool: spool.appending("stderr")),
        ]
    }

    /// The descriptor that becomes readable when the stream has output.
    func descriptor(_ stream: LogStream) -> Int32 { pipes[stream.rawValue].fifo.number }

    /// The descriptors of all streams.
    var descriptors: [Int32] { LogStream.allCases.map(descriptor) }

    /// Moves at most one batch from a stream's FIFO into the log; returns false if it was empty.
    ///
    /// Output that does not fit on a full disk is dropped, since the container must not block.
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

    /// Moves a terminal's output into a stream's FIFO, which survives this process.
    ///
    /// Returns false if there is no output or the FIFO is full; throws if the terminal is closed.
    func take(
        _ stream: LogStream,
        from console: borrowing Descriptor
    ) throws(SystemCallError) -> Bool {
        try pipes[stream.rawValue].take(from: console, upTo: Self.batch)
    }

    /// The position at which an unterminated line begins; nil if there is none.
    func unfinishedLine(_ stream: LogStream) -> Int64? {
        let position = journal.positions[stream.rawValue]
        return position < pipes[stream.rawValue].size ? position : nil
    }

    /// Writes an unterminated line, such as a prompt.
    func flush(_ stream: LogStream) throws(SystemCallError) {
        try write(stream, isForced: true)
    }

    /// Moves all remaining output after the container has exited, and ends unterminated lines.
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
            // Truncated before the journal is updated: a spool shorter than its recorded position
            // has been emptied.
            if start == length { try pipe.empty(&journal.positions[stream.rawValue]) }
            try save()
        }
    }

    /// A full disk loses lines but stops no container.
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

    /// The log line that reports output lost before it.
    private func gap(_ bytes: Int, _ reason: SystemCallError) -> [UInt8] {
        let words = "swiftcompose: \(bytes) bytes of output were lost here: \(reason.reason)\n"
        return LogFormat.header(.now, .error, .whole) + Array(words.utf8)
    }

    private func save() throws(SystemCallError) {
        journal.inode = file.inode
        journal.size = file.size
        try journalFile.write(journal.bytes, at: 0)
    }

    /// Counts the lines written to the log after the journal, and continues behind them.
    private func recover(_ log: FilePath) throws(SystemCallError) {
        if journal.inode != 0 { try count(LogChain.open(log)) }
        for stream in LogStream.allCases {
            let position = journal.positions[stream.rawValue]
            // The newline of a last line is counted although the container did not write it.
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
