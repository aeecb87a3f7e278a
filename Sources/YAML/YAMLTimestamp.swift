/// A date, with or without a time, as YAML 1.1 writes it.
///
/// Source: yaml.org/type/timestamp.html, restricted to the forms that docker compose recognises.
public struct YAMLTimestamp: Sendable, Equatable {
    private var year = 0
    private var month = 0
    private var day = 0
    private var hour = 0
    private var minute = 0
    private var second = 0
    /// The digits after the decimal point, without trailing zeros; at most nine.
    private var fraction = ""
    /// The distance from UTC in minutes, east positive.
    private var offset = 0

    /// Parses a timestamp; nil for any other text.
    public init?(_ text: String) {
        var rest = text.utf8[...]
        guard readDate(&rest) else { return nil }
        if rest.isEmpty { return }
        if Self.skip(" ", in: &rest) {
            guard readTime(&rest), rest.isEmpty else { return nil }
            return
        }
        guard Self.skip("T", in: &rest) || Self.skip("t", in: &rest) else { return nil }
        guard readTime(&rest), readZone(&rest), rest.isEmpty else { return nil }
    }

    /// The timestamp as Go's JSON and YAML print it: RFC 3339 with up to nanoseconds.
    public var rfc3339: String {
        "\(date)T\(time)" + (offset == 0 ? "Z" : zone(separator: ":"))
    }

    /// The timestamp as Go's `fmt.Sprint` prints it: `2001-12-14 21:59:43.1 -0500 -0500`.
    public var goDescription: String {
        let zone = zone(separator: "")
        return "\(date) \(time) \(zone) \(offset == 0 ? "UTC" : zone)"
    }

    private var date: String {
        "\(Self.padded(year, 4))-\(Self.padded(month))-\(Self.padded(day))"
    }

    private var time: String {
        "\(Self.padded(hour)):\(Self.padded(minute)):\(Self.padded(second))"
            + (fraction.isEmpty ? "" : ".\(fraction)")
    }

    private func zone(separator: String) -> String {
        let (hours, minutes) = offset.magnitude.quotientAndRemainder(dividingBy: 60)
        let sign = offset < 0 ? "-" : "+"
        return "\(sign)\(Self.padded(Int(hours)))\(separator)\(Self.padded(Int(minutes)))"
    }

    private static func padded(_ number: Int, _ width: Int = 2) -> String {
        let digits = String(number)
        return String(repeating: "0", count: max(0, width - digits.count)) + digits
    }
}

extension YAMLTimestamp {
    private mutating func readDate(_ rest: inout Substring.UTF8View) -> Bool {
        guard let year = Self.number(4...4, from: &rest), Self.skip("-", in: &rest),
            let month = Self.number(1...2, from: &rest), (1...12).contains(month),
            Self.skip("-", in: &rest), let day = Self.number(1...2, from: &rest),
            (1...Self.length(ofMonth: month, in: year)).contains(day)
        else { return false }
        (self.year, self.month, self.day) = (year, month, day)
        return true
    }

    private mutating func readTime(_ rest: inout Substring.UTF8View) -> Bool {
        guard let hour = Self.number(1...2, from: &rest), hour < 24, Self.skip(":", in: &rest),
            let minute = Self.number(1...2, from: &rest), minute < 60, Self.skip(":", in: &rest),
            let second = Self.number(1...2, from: &rest), second < 60
        else { return false }
        (self.hour, self.minute, self.second) = (hour, minute, second)
        guard Self.skip(".", in: &rest) || Self.skip(",", in: &rest) else { return true }
        let digits = Self.digits(1...Int(Int32.max), from: &rest)
        fraction = String(digits.prefix(9))
        while fraction.last == "0" { fraction.removeLast() }
        return !digits.isEmpty
    }

    private mutating func readZone(_ rest: inout Substring.UTF8View) -> Bool {
        if Self.skip("Z", in: &rest) { return true }
        let isNegative = rest.first == UInt8(ascii: "-")
        guard Self.skip("+", in: &rest) || Self.skip("-", in: &rest) else { return false }
        guard let hours = Self.number(2...2, from: &rest), hours <= 24, Self.skip(":", in: &rest),
            let minutes = Self.number(2...2, from: &rest), minutes < 60
        else { return false }
        offset = (hours * 60 + minutes) * (isNegative ? -1 : 1)
        return true
    }

    private static func skip(
        _ character: Unicode.Scalar,
        in rest: inout Substring.UTF8View
    ) -> Bool {
        guard rest.first == UInt8(ascii: character) else { return false }
        rest.removeFirst()
        return true
    }

    private static func number(
        _ count: ClosedRange<Int>,
        from rest: inout Substring.UTF8View
    ) -> Int? {
        let digits = digits(count, from: &rest)
        return digits.count < count.lowerBound ? nil : Int(digits)
    }

    /// Reads as many digits as the range allows.
    private static func digits(
        _ count: ClosedRange<Int>,
        from rest: inout Substring.UTF8View
    ) -> Substring {
        let digits = rest.prefix { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }
            .prefix(count.upperBound)
        rest = rest[digits.endIndex...]
        return Substring(digits)
    }

    private static func length(ofMonth month: Int, in year: Int) -> Int {
        switch month {
        case 4, 6, 9, 11: 30
        case 2: year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) ? 29 : 28
        default: 31
        }
    }
}
