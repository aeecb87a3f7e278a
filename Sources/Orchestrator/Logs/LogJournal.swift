import Linux
import OCI

/// The state that a log writer needs after a kill: 40 bytes in a file.
///
/// It describes the log before the current batch, so that the bytes beyond it show how much of
/// that batch was written.
struct LogJournal: Equatable {
    /// The inode of the newest log file.
    var inode: UInt64 = 0
    /// Its length in bytes.
    var size: Int64 = 0
    /// The bytes of each stream's spool that are in the log.
    var positions: [Int64] = [0, 0]
    /// Whether the last line of a stream is unterminated.
    var isOpen = [false, false]

    init() {}

    /// Decodes the stored form; nil if it is too short or impossible.
    init?(_ bytes: [UInt8]) {
        guard bytes.count >= 40 else { return nil }
        let words: [UInt64] = (0..<5).map { word in
            bytes[word * 8..<word * 8 + 8].reversed().reduce(0) { $0 << 8 | UInt64($1) }
        }
        inode = words[0]
        size = Int64(bitPattern: words[1])
        positions = [Int64(bitPattern: words[2]), Int64(bitPattern: words[3])]
        isOpen = [words[4] & 1 != 0, words[4] & 2 != 0]
        guard size >= 0, positions.allSatisfy({ $0 >= 0 }) else { return nil }
    }

    var bytes: [UInt8] {
        let flags: UInt64 = (isOpen[0] ? 1 : 0) | (isOpen[1] ? 2 : 0)
        let words = [
            inode, UInt64(bitPattern: size), UInt64(bitPattern: positions[0]),
            UInt64(bitPattern: positions[1]), flags,
        ]
        return words.flatMap { word in
            (0..<UInt64(8)).map { UInt8(truncatingIfNeeded: word >> (8 * $0)) }
        }
    }

    /// Advances over log lines that follow the described state.
    mutating func advance(over lines: [UInt8]) {
        var clock = LogClock()
        var start = 0
        while let end = ByteSearch.first(UInt8(ascii: "\n"), in: lines, start, lines.count) {
            if let entry = LogEntry(lines, start, end, clock: &clock) {
                let stream = entry.stream.rawValue
                let length = entry.text.count + (entry.tag == .whole ? 1 : 0)
                positions[stream] = positions[stream].addingSaturated(Int64(length))
                isOpen[stream] = entry.tag == .piece
            }
            start = end + 1
        }
        size = size.addingSaturated(Int64(start))
    }
}
