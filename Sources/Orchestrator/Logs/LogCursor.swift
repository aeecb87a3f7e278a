import Linux
import OCI

/// Walks through one container's log, line by line, file by file.
final class LogCursor {
    private static let newline = UInt8(ascii: "\n")
    /// The length up to which the pieces of a line are joined.
    private static let joinLimit = 1_048_576

    let source: LogSource
    private let place: Int
    private let options: LogOptions
    private let since: Int64
    private let until: Int64
    private var clock = LogClock()

    /// The files still to be read, the current one first.
    private var files: [LogChain.Place] = []
    /// The position in the file at which the buffer begins.
    private var offset: Int64 = 0
    /// The position at which this round ends.
    private var limit: Int64 = 0
    private var buffer = [UInt8](repeating: 0, count: 65_536)
    private var start = 0
    private var end = 0

    private var head: LogEntry?
    private var isJoined = false
    private var pieces: [[UInt8]] = [[], []]
    private var pieceTimes: [Int64] = [0, 0]
    private var hasStarted = false

    /// Whether no further line of this log is wanted.
    private(set) var isFinished = false
    /// Whether a file was opened that is not watched yet.
    var needsWatch = true

    init(_ source: LogSource, place: Int, options: LogOptions) {
        self.source = source
        self.place = place
        self.options = options
        since = max(options.since?.sinceEpoch ?? .min, source.since?.sinceEpoch ?? .min)
        until = options.until?.sinceEpoch ?? .max
    }

    /// The time of the current line, in nanoseconds since 1970.
    var time: Int64 { head?.time ?? .max }

    /// The current line.
    func line() -> LogLine? {
        guard let head else { return nil }
        let text = isJoined ? pieces[head.stream.rawValue][...] : buffer[head.text]
        return LogLine(
            source: place,
            stream: head.stream,
            time: Timestamp(sinceEpoch: head.time),
            text: text,
            continues: options.inPieces ? head.tag != .whole : head.tag == .piece
        )
    }

    /// Begins a round that covers everything written so far, and nothing written later.
    func beginRound() throws(SystemCallError) {
        if !hasStarted { try begin() }
        if files.isEmpty { try openMore(after: nil) }
        limit = try files.first?.size ?? 0
    }

    /// Advances to the next line; returns false at the end of the round.
    func next() throws(SystemCallError) -> Bool {
        if isJoined, let head { pieces[head.stream.rawValue].removeAll() }
        isJoined = false
        head = nil
        while !isFinished {
            while let stop = ByteSearch.first(Self.newline, in: buffer, start, end) {
                let entry = LogEntry(buffer, start, stop, clock: &clock)
                start = stop + 1
                // An invalid line was torn by a power cut.
                if let entry, try take(entry) { return head != nil }
            }
            guard try refill() else { return options.follow ? false : takeLeftOver() }
        }
        return false
    }

    /// Returns true if `entry` ends the search for the next line.
    private func take(_ entry: LogEntry) throws(SystemCallError) -> Bool {
        if entry.time < since { return false }
        if entry.time >= until {
            isFinished = true
            return true
        }
        let stream = entry.stream.rawValue
        if options.inPieces || entry.tag != .piece && pieces[stream].isEmpty {
            head = entry
            return true
        }
        pieces[stream] += buffer[entry.text]
        pieceTimes[stream] = entry.time
        guard entry.tag != .piece || pieces[stream].count >= Self.joinLimit else { return false }
        head = entry
        isJoined = true
        return true
    }

    /// Takes an unterminated line at the end of a log that is not followed.
    private func takeLeftOver() -> Bool {
        for stream in LogStream.allCases where !pieces[stream.rawValue].isEmpty {
            head = LogEntry(time: pieceTimes[stream.rawValue], stream: stream)
            isJoined = true
            return true
        }
        isFinished = true
        return false
    }

    private func begin() throws(SystemCallError) {
        hasStarted = true
        try openMore(after: nil)
        if let tail = options.tail {
            let start = try LogSearch.tail(tail, of: files)
            files.removeFirst(min(start.file, files.count))
            offset = start.offset
        } else if let since = options.since {
            while let file = files.first {
                offset = try LogSearch.first(since: since, in: file)
                if try offset < file.size || files.count == 1 { break }
                files.removeFirst()
            }
        }
    }

    /// Reads from the first unused byte; returns false if there is nothing new.
    private func refill() throws(SystemCallError) -> Bool {
        offset += Int64(start)
        (start, end) = (0, 0)
        while let file = files.first {
            if offset < limit {
                let count = try file.descriptor.read(into: &buffer, at: offset)
                end = count
                if ByteSearch.first(Self.newline, in: buffer, 0, count) != nil { return true }
                // The rest of this line has not been written yet, or does not fit.
                guard count == buffer.count else { return false }
                buffer = [UInt8](repeating: 0, count: buffer.count * 2)
            } else if try !goToNextFile(from: file) {
                return false
            }
        }
        return false
    }

    private func goToNextFile(from file: LogChain.Place) throws(SystemCallError) -> Bool {
        if files.count == 1 && options.follow && !LogChain.isNewest(file.inode, source.log) {
            // A renamed file does not grow any more; its last lines are read first.
            limit = try file.size
            if offset < limit { return true }
            try openMore(after: file.inode)
        }
        guard files.count > 1 else { return false }
        files.removeFirst()
        offset = 0
        limit = try files[0].size
        return true
    }

    private func openMore(after inode: UInt64?) throws(SystemCallError) {
        let more =
            if let inode {
                try LogChain.open(source.log, after: inode)
            } else {
                try LogChain.open(source.log)
            }
        if !more.isEmpty { needsWatch = true }
        files += more
    }
}

extension LogEntry {
    /// The end of an unterminated line.
    fileprivate init(time: Int64, stream: LogStream) {
        self.time = time
        self.stream = stream
        tag = .whole
        text = 0..<0
    }
}
