import Linux
import OCI

/// Finds positions in log files without reading them entirely.
enum LogSearch {
    private static let newline = UInt8(ascii: "\n")
    private static let chunk: Int64 = 65_536

    /// A position in a chain of files.
    struct Start: Equatable {
        var file: Int
        var offset: Int64
    }

    /// Finds the start of the last `count` lines; the chain's start if it has no more.
    static func tail(_ count: Int, of files: [LogChain.Place]) throws(SystemCallError) -> Start {
        var counter = TailCounter(wanted: count)
        for (index, file) in files.enumerated().reversed() {
            if let offset = try counter.search(file) { return Start(file: index, offset: offset) }
        }
        return Start(file: 0, offset: 0)
    }

    /// Finds the first line at or after a time, by bisection; the file's end if there is none.
    static func first(
        since time: Timestamp,
        in file: LogChain.Place
    ) throws(SystemCallError) -> Int64 {
        var low: Int64 = 0
        var high = try file.size
        while high - low > chunk {
            let middle = low + (high - low) / 2
            guard let (start, found) = try line(after: middle, in: file), start < high else {
                high = middle
                continue
            }
            if found < time.sinceEpoch { low = start } else { high = middle }
        }
        return low
    }

    /// Returns position and time of the first line that begins after `offset`.
    private static func line(
        after offset: Int64,
        in file: LogChain.Place
    ) throws(SystemCallError) -> (Int64, Int64)? {
        let bytes = try file.descriptor.read(all: offset..<offset + chunk)
        var clock = LogClock()
        guard let end = ByteSearch.first(newline, in: bytes, 0, bytes.count),
            bytes.count - end > LogFormat.headerLength,
            let time = clock.read(bytes, at: end + 1)
        else { return nil }
        return (offset + Int64(end) + 1, time)
    }

    /// Counts ends of lines backwards.
    private struct TailCounter {
        var wanted: Int
        /// Nothing was read yet, so an unterminated last line counts as one.
        var isAtEnd = true

        /// The position of the first wanted line in `file`; nil if the file has too few lines.
        mutating func search(_ file: LogChain.Place) throws(SystemCallError) -> Int64? {
            var end = try file.size
            if wanted == 0 { return end }
            // Each line is recognised by its header, which follows the newline before it.
            var known: [UInt8] = []
            while end > 0 {
                let start = max(0, end - chunk)
                let bytes = try file.descriptor.read(all: start..<end) + known
                if let place = count(bytes, isFirst: start == 0) { return start + Int64(place) }
                let head = ByteSearch.first(newline, in: bytes, 0, bytes.count) ?? bytes.count - 1
                known = Array(bytes[...head])
                end = start
            }
            return nil
        }

        /// Counts the lines of `bytes` backwards; the first one is incomplete unless `isFirst`.
        private mutating func count(_ bytes: [UInt8], isFirst: Bool) -> Int? {
            var end = bytes.count
            guard end > 0 else { return nil }
            while end > 0 {
                let before = ByteSearch.last(newline, in: bytes, 0, end - 1)
                guard before != nil || isFirst else { return nil }
                let start = before.map { $0 + 1 } ?? 0
                if isWhole(bytes, start, end) || isAtEnd {
                    if wanted == 0 { return end }
                    wanted -= 1
                }
                isAtEnd = false
                end = start
            }
            return nil
        }

        private func isWhole(_ bytes: [UInt8], _ start: Int, _ end: Int) -> Bool {
            let tag = start + LogFormat.headerLength - 2
            return tag < end && bytes[tag] != UInt8(ascii: "P")
        }
    }
}
