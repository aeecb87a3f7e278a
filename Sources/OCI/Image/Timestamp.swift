/// A point in time in image documents. Source: RFC 3339.
public struct Timestamp: Hashable, Sendable {
    /// Seconds since 1970-01-01T00:00:00Z.
    public var seconds: Int64
    /// The fraction of the second, from 0 to 999,999,999.
    public var nanoseconds: Int32

    public init(seconds: Int64, nanoseconds: Int32 = 0) {
        self.seconds = seconds
        self.nanoseconds = nanoseconds
    }

    /// Parses `2024-05-01T12:00:00.123456789+02:00`.
    public init(_ text: String) throws(OCIError) {
        var reader = Reader(bytes: Array(text.utf8))
        guard let value = reader.timestamp() else { throw OCIError(.timestamp, in: text) }
        self = value
    }
}

extension Timestamp: Comparable {
    public static func < (left: Timestamp, right: Timestamp) -> Bool {
        (left.seconds, left.nanoseconds) < (right.seconds, right.nanoseconds)
    }
}

extension Timestamp: CustomStringConvertible {
    /// In UTC, with as many digits of the fraction as needed.
    public var description: String {
        let day = seconds.flooredQuotient(86_400)
        let second = seconds - day * 86_400
        let (year, month, date) = Calendar.date(ofDay: day)
        let time = [second / 3600, second / 60 % 60, second % 60].map { Self.padded($0, to: 2) }
        var fraction = nanoseconds == 0 ? "" : "." + Self.padded(Int64(nanoseconds), to: 9)
        while fraction.hasSuffix("0") { fraction.removeLast() }
        return
            "\(Self.padded(year, to: 4))-\(Self.padded(month, to: 2))-\(Self.padded(date, to: 2))"
            + "T\(time.joined(separator: ":"))\(fraction)Z"
    }

    private static func padded(_ number: Int64, to width: Int) -> String {
        let digits = String(number)
        return String(repeating: "0", count: max(0, width - digits.count)) + digits
    }
}

extension Timestamp: Codable {
    public init(from decoder: any Decoder) throws {
        try self.init(decoder.singleValueContainer().decode(String.self))
    }

    public func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(description)
    }
}

/// Parses RFC 3339 byte by byte; each function returns nil on a mismatch.
private struct Reader {
    let bytes: [UInt8]
    var position = 0

    mutating func timestamp() -> Timestamp? {
        guard let year = number(4), take("-"), let month = number(2), (1...12).contains(month),
            take("-"), let date = number(2), (1...31).contains(date),
            take("T") || take("t") || take(" "),
            let hour = number(2), hour < 24, take(":"), let minute = number(2), minute < 60,
            take(":"), let second = number(2), second <= 60,
            let fraction = fraction(), let offset = offset(), position == bytes.count
        else { return nil }
        let day = Calendar.day(year: year, month: month, date: date)
        let time = hour * 3600 + minute * 60 + second
        return Timestamp(seconds: day * 86_400 + time - offset, nanoseconds: fraction)
    }

    private mutating func fraction() -> Int32? {
        guard take(".") else { return 0 }
        var (value, digits): (Int32, Int) = (0, 0)
        while let digit = number(1) {
            if digits < 9 { value = value * 10 + Int32(digit) }
            digits += 1
        }
        guard digits > 0 else { return nil }
        for _ in digits..<max(9, digits) { value *= 10 }
        return value
    }

    /// The offset from UTC in seconds, positive to the east.
    private mutating func offset() -> Int64? {
        if take("Z") || take("z") { return 0 }
        let isEast = take("+")
        guard isEast || take("-"), let hours = number(2), hours < 24, take(":"),
            let minutes = number(2), minutes < 60
        else { return nil }
        return (hours * 3600 + minutes * 60) * (isEast ? 1 : -1)
    }

    private mutating func take(_ character: Unicode.Scalar) -> Bool {
        guard position < bytes.count, bytes[position] == UInt8(ascii: character) else {
            return false
        }
        position += 1
        return true
    }

    private mutating func number(_ width: Int) -> Int64? {
        guard position + width <= bytes.count else { return nil }
        var value: Int64 = 0
        for byte in bytes[position..<position + width] {
            guard (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) else { return nil }
            value = value * 10 + Int64(byte - UInt8(ascii: "0"))
        }
        position += width
        return value
    }
}
