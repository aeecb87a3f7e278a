/// Durations in Go's notation, such as `1m30s`.
///
/// Source: Go, package `time`, `ParseDuration` and `Duration.String`.
public enum GoDuration {
    /// The units that a reader accepts.
    public enum Units: Sendable {
        /// Nanoseconds to hours, as `time.ParseDuration`.
        case go
        /// Days and weeks as well, as Compose files may use.
        case withDaysAndWeeks
    }

    /// Reads a duration; nil if `text` is not one or exceeds 292 years, as `Int64` nanoseconds do.
    public static func duration(of text: String, units: Units = .go) -> Duration? {
        var rest = Substring(text)
        let isNegative = rest.first == "-"
        if isNegative || rest.first == "+" { rest.removeFirst() }
        if rest == "0" { return .zero }
        guard !rest.isEmpty else { return nil }
        var total: Int64 = 0
        while !rest.isEmpty {
            let number = rest.prefix(while: \.isDigitOrPoint)
            rest = rest.dropFirst(number.count)
            let unit = rest.prefix { !$0.isDigitOrPoint }
            rest = rest.dropFirst(unit.count)
            guard let scale = nanoseconds(in: unit, units),
                let term = product(of: number, and: scale)
            else { return nil }
            let (sum, overflows) = total.addingReportingOverflow(term)
            guard !overflows else { return nil }
            total = sum
        }
        return .nanoseconds(isNegative ? -total : total)
    }

    /// Writes a duration as Go prints it: `1m30s`, `10.5s`, `2µs`, `0s`.
    public static func text(of duration: Duration) -> String {
        let (seconds, attoseconds) = duration.components
        let sign = duration < .zero ? "-" : ""
        let nanoseconds = (attoseconds / 1_000_000_000).magnitude
        guard seconds != 0 else { return sign + fraction(nanoseconds) }
        let (minutes, rest) = seconds.magnitude.quotientAndRemainder(dividingBy: 60)
        let text = decimal(rest * 1_000_000_000 + nanoseconds, per: 1_000_000_000) + "s"
        if minutes == 0 { return sign + text }
        if minutes < 60 { return "\(sign)\(minutes)m\(text)" }
        return "\(sign)\(minutes / 60)h\(minutes % 60)m\(text)"
    }

    private static func nanoseconds(in unit: Substring, _ units: Units) -> Int64? {
        switch (unit, units) {
        case ("ns", _): 1
        case ("us", _), ("µs", _), ("μs", _): 1_000
        case ("ms", _): 1_000_000
        case ("s", _): 1_000_000_000
        case ("m", _): 60_000_000_000
        case ("h", _): 3_600_000_000_000
        case ("d", .withDaysAndWeeks): 86_400_000_000_000
        case ("w", .withDaysAndWeeks): 604_800_000_000_000
        default: nil
        }
    }

    /// Multiplies a decimal number by `scale`, exactly except for its fraction.
    private static func product(of number: Substring, and scale: Int64) -> Int64? {
        let parts = number.split(separator: ".", omittingEmptySubsequences: false)
        guard !number.isEmpty, number != ".", parts.count <= 2,
            let whole = parts[0].isEmpty ? 0 : Int64(parts[0])
        else { return nil }
        let (product, overflows) = whole.multipliedReportingOverflow(by: scale)
        guard !overflows else { return nil }
        guard parts.count == 2, !parts[1].isEmpty else { return product }
        guard let fraction = Double("0.\(parts[1])") else { return nil }
        let (sum, carry) = product.addingReportingOverflow(Int64(fraction * Double(scale)))
        return carry ? nil : sum
    }

    /// Writes less than a second in its largest unit.
    private static func fraction(_ nanoseconds: UInt64) -> String {
        switch nanoseconds {
        case 0: "0s"
        case ..<1_000: "\(nanoseconds)ns"
        case ..<1_000_000: decimal(nanoseconds, per: 1_000) + "µs"
        default: decimal(nanoseconds, per: 1_000_000) + "ms"
        }
    }

    private static func decimal(_ amount: UInt64, per unit: UInt64) -> String {
        var digits = String(amount % unit + unit).dropFirst()
        while digits.last == "0" { digits.removeLast() }
        return digits.isEmpty ? "\(amount / unit)" : "\(amount / unit).\(digits)"
    }
}

extension Character {
    fileprivate var isDigitOrPoint: Bool {
        self == "." || ("0"..."9").contains(self)
    }
}
