import Linux
public import OCI

/// The log format of the Container Runtime Interface: `TIME STREAM TAG TEXT`, one line each.
///
/// TAG is `F` for a whole line or the last piece of one, `P` for a piece that is continued, and `E`
/// for the end of a line that the container ended without a newline; other readers take
/// everything but `P` for `F`. Source: Kubernetes design proposals, kubelet-cri-logging.
enum LogFormat {
    /// The part of a line that an entry holds.
    enum Tag: Character {
        case whole = "F"
        case piece = "P"
        case cutOff = "E"
    }

    /// The longest piece of a line, in bytes, as in CRI-O.
    static let pieceLimit = 16_384
    /// The length of `2026-11-24T02:44:03.908605053Z`.
    static let timeLength = 30
    /// The length of everything before the text.
    static let headerLength = timeLength + 10

    private static let newline = UInt8(ascii: "\n")

    /// The part of a log line before its text.
    static func header(_ time: Timestamp, _ stream: LogStream, _ tag: Tag) -> [UInt8] {
        let name = stream == .output ? "stdout" : "stderr"
        return Array("\(time.nineDigits) \(name) \(tag.rawValue) ".utf8)
    }

    /// Appends `raw[range]` as log lines until `output` has reached `limit`; returns the number of
    /// raw bytes used.
    ///
    /// A short unterminated line is left over, unless `isForced` writes it as a piece.
    static func append(
        _ raw: [UInt8],
        _ range: Range<Int>,
        headers: (whole: [UInt8], piece: [UInt8]),
        to output: inout [UInt8],
        limit: Int,
        isForced: Bool = false
    ) -> Int {
        var start = range.lowerBound
        while start < range.upperBound && output.count < limit {
            let horizon = min(range.upperBound, start + pieceLimit)
            if let end = ByteSearch.first(newline, in: raw, start, horizon) {
                output += headers.whole
                output += raw[start...end]
                start = end + 1
            } else if horizon - start == pieceLimit || isForced {
                output += headers.piece
                output += raw[start..<horizon]
                output.append(newline)
                start = horizon
            } else {
                break
            }
        }
        return start - range.lowerBound
    }
}

/// A line of a log file, as positions in a buffer.
struct LogEntry {
    /// Nanoseconds since 1970.
    var time: Int64
    var stream: LogStream
    var tag: LogFormat.Tag
    /// The range of its text.
    var text: Range<Int>

    /// Parses `buffer[start..<end]`, a line without its newline; nil if it is not a log line.
    init?(_ buffer: [UInt8], _ start: Int, _ end: Int, clock: inout LogClock) {
        let header = start + LogFormat.timeLength
        guard end - start >= LogFormat.headerLength, buffer[header] == UInt8(ascii: " "),
            buffer[header + 7] == UInt8(ascii: " "), buffer[header + 9] == UInt8(ascii: " "),
            let time = clock.read(buffer, at: start)
        else { return nil }
        self.time = time
        stream = buffer[header + 4] == UInt8(ascii: "o") ? .output : .error
        tag =
            switch buffer[header + 8] {
            case UInt8(ascii: "P"): .piece
            case UInt8(ascii: "E"): .cutOff
            default: .whole
            }
        text = start + LogFormat.headerLength..<end
    }
}

/// Parses times, fast for neighbouring lines that share their second.
struct LogClock {
    private static let secondLength = 19
    private var second: [UInt8] = []
    private var nanoseconds: Int64 = 0

    /// Parses the time at `buffer[start...]`, in nanoseconds since 1970; nil if there is none.
    mutating func read(_ buffer: [UInt8], at start: Int) -> Int64? {
        guard isSameSecond(buffer, start) || readSecond(buffer, start) else { return nil }
        var fraction: Int64 = 0
        for place in start + Self.secondLength + 1..<start + LogFormat.timeLength - 1 {
            let digit = buffer[place] &- 48
            if digit > 9 { return nil }
            fraction = fraction &* 10 &+ Int64(digit)
        }
        return nanoseconds.addingSaturated(fraction)
    }

    private func isSameSecond(_ buffer: [UInt8], _ start: Int) -> Bool {
        guard second.count == Self.secondLength else { return false }
        var place = Self.secondLength - 1
        while place >= 0 {
            if buffer[start + place] != second[place] { return false }
            place -= 1
        }
        return true
    }

    private mutating func readSecond(_ buffer: [UInt8], _ start: Int) -> Bool {
        let bytes = Array(buffer[start..<start + Self.secondLength])
        do throws(OCIError) {
            nanoseconds = try Timestamp(String(decoding: bytes, as: UTF8.self) + "Z").sinceEpoch
        } catch {
            return false
        }
        second = bytes
        return true
    }
}

extension Timestamp {
    /// The time in UTC with nine fractional digits, so that texts sort like times.
    public var nineDigits: String {
        let digits = String(nanoseconds)
        let whole = Timestamp(seconds: seconds).description.dropLast()
        return "\(whole).\(String(repeating: "0", count: 9 - digits.count))\(digits)Z"
    }

    /// Nanoseconds since 1970.
    public var sinceEpoch: Int64 {
        let (whole, overflows) = seconds.multipliedReportingOverflow(by: 1_000_000_000)
        // Years beyond 2262 or before 1678, from an option or a damaged log.
        guard !overflows else { return seconds < 0 ? .min : .max }
        return whole.addingSaturated(Int64(nanoseconds))
    }

    public init(sinceEpoch nanoseconds: Int64) {
        let (seconds, rest) = nanoseconds.quotientAndRemainder(dividingBy: 1_000_000_000)
        self.init(seconds: seconds, nanoseconds: Int32(rest))
    }
}
