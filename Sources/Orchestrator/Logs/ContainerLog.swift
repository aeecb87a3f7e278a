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
    /// Why the latest lines could not be kept.
    private(set) var failure: SystemCallError?

    /// Opens everything, making what is missing, and finishes what a dead writer began.
    ///
    /// Where nothing is to be kept, the latest output goes through a small log beside `spool`, for
    /// those who are attached.
    init(_ paths: ContainerPaths, spool: FilePath, rule: LogRule) throws(SystemCallError) {
        try FileSystem.makeDirectories(spool, mode: 0o700)
        pipes = [
            try LogPipe(fifo: paths.standardOutput, spool: spool.appending("stdout")),
            try LogPipe(fifo: paths.standardError, spool: spool.appending("stderr")),
        ]
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
        try recover(path)
    }

    /// The descriptor to watch for a stream's output.
    func descriptor(_ stream: LogStream) -> Int32 { pipes[stream.rawValue].fifo.number }

    /// Those of all streams.
    var descriptors: [Int32] { LogStream.allCases.map(descriptor) }

    /// Moves what a stream's FIFO holds into the log, a batch at most; false when it was empty.
    @discardableResult
    func pump(_ stream: LogStream) throws(SystemCallError) -> Bool {
        guard try pipes[stream.rawValue].fill(upTo: Self.batch) else { return false }
        let isFull = pipes[stream.rawValue].size > Self.spoolLimit
        try write(stream, isForced: isFull)
        return true
    }

    /// Takes output that came another way than through the FIFO: from a terminal.
    func add(_ bytes: [UInt8], _ stream: LogStream) throws(SystemCallError) {
        try pipes[stream.rawValue].add(bytes)
        try write(stream, isForced: pipes[stream.rawValue].size > Self.spoolLimit)
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
            try file.append(lines)
            failure = nil
        } catch {
            failure = error
        }
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

/// One stream's way from the container: a FIFO and the spool behind it.
private final class LogPipe {
    let fifo: Descriptor
    private let spool: Descriptor
    private(set) var size: Int64

    init(fifo path: FilePath, spool: FilePath) throws(SystemCallError) {
        if !FileSystem.exists(path) { try FileSystem.makeFIFO(path, mode: 0o600) }
        fifo = try Descriptor.open(path, [.readingAndWriting, .nonBlocking])
        self.spool = try Descriptor.open(spool, [.readingAndWriting, .creating], mode: 0o600)
        size = try self.spool.status().size
        // Less memory for pipes than asked for is no fault.
        try? fifo.setPipeCapacity(262_144)
    }

    /// Takes what the FIFO holds, up to `limit` bytes; false when it holds nothing.
    func fill(upTo limit: Int) throws(SystemCallError) -> Bool {
        guard let count = try fifo.move(to: spool, at: size, upTo: limit) else { return false }
        size += Int64(count)
        return count > 0
    }

    func add(_ bytes: [UInt8]) throws(SystemCallError) {
        try spool.write(bytes, at: size)
        size += Int64(bytes.count)
    }

    /// Reads everything from `position` on; the number of bytes.
    func read(
        into buffer: inout [UInt8],
        from position: Int64
    ) throws(SystemCallError) -> Int {
        let length = Int(size - position)
        if buffer.count < length {
            buffer = [UInt8](repeating: 0, count: max(length, 65_536))
        }
        var filled = 0
        while filled < length {
            let count = try spool.read(into: &buffer, from: filled, at: position + Int64(filled))
            if count == 0 { break }
            filled += count
        }
        return min(filled, length)
    }

    func empty(_ position: inout Int64) throws(SystemCallError) {
        try spool.truncate(to: 0)
        size = 0
        position = 0
    }
}
