/// The timestamps of YAML 1.1.
///
/// Source: yaml.org/type/timestamp.html, restricted to the forms that docker compose recognises.
enum Timestamp {
    /// Whether a string is a date with or without a time.
    static func isTimestamp(_ text: String) -> Bool {
        var rest = text.utf8[...]
        guard let year = digits(4...4, from: &rest), skip("-", in: &rest),
            let month = digits(1...2, from: &rest), (1...12).contains(month), skip("-", in: &rest),
            let day = digits(1...2, from: &rest),
            (1...length(ofMonth: month, in: year)).contains(day)
        else { return false }
        if rest.isEmpty { return true }
        if skip(" ", in: &rest) { return time(&rest) && rest.isEmpty }
        guard skip("T", in: &rest) || skip("t", in: &rest) else { return false }
        return time(&rest) && zone(&rest) && rest.isEmpty
    }

    private static func time(_ rest: inout Substring.UTF8View) -> Bool {
        guard let hour = digits(1...2, from: &rest), hour < 24, skip(":", in: &rest),
            let minute = digits(1...2, from: &rest), minute < 60, skip(":", in: &rest),
            let second = digits(1...2, from: &rest), second < 60
        else { return false }
        if skip(".", in: &rest) || skip(",", in: &rest) {
            return digits(1...Int.max, from: &rest) != nil
        }
        return true
    }

    private static func zone(_ rest: inout Substring.UTF8View) -> Bool {
        if skip("Z", in: &rest) { return true }
        guard skip("+", in: &rest) || skip("-", in: &rest) else { return false }
        guard let hours = digits(2...2, from: &rest), hours <= 24, skip(":", in: &rest),
            let minutes = digits(2...2, from: &rest)
        else { return false }
        return minutes < 60
    }

    private static func skip(
        _ character: Unicode.Scalar,
        in rest: inout Substring.UTF8View
    )
        -> Bool
    {
        guard rest.first == UInt8(ascii: character) else { return false }
        rest.removeFirst()
        return true
    }

    /// Reads as many digits as the range allows; the value consists of at most the first nine.
    private static func digits(
        _ count: ClosedRange<Int>,
        from rest: inout Substring.UTF8View
    )
        -> Int?
    {
        var (value, seen) = (0, 0)
        while seen < count.upperBound, let byte = rest.first,
            (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte)
        {
            if seen < 9 { value = value * 10 + Int(byte - UInt8(ascii: "0")) }
            seen += 1
            rest.removeFirst()
        }
        return count.contains(seen) ? value : nil
    }

    private static func length(ofMonth month: Int, in year: Int) -> Int {
        switch month {
        case 4, 6, 9, 11: 30
        case 2: year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) ? 29 : 28
        default: 31
        }
    }
}
