/// Durations as Go writes them, with days and weeks besides.
///
/// Source: the documentation of Go's `time.ParseDuration` and `Duration.String`.
enum DurationText {
    private static let units: [(name: String, nanoseconds: Int64)] = [
        ("ns", 1), ("us", 1_000), ("µs", 1_000), ("μs", 1_000), ("ms", 1_000_000),
        ("s", 1_000_000_000), ("m", 60_000_000_000), ("h", 3_600_000_000_000),
        ("d", 86_400_000_000_000), ("w", 604_800_000_000_000),
    ]

    /// The duration that a text such as `1m30s` stands for; nil when it is none.
    static func value(of text: String) -> Duration? {
        var rest = Substring(text)
        let negative = rest.first == "-"
        if negative || rest.first == "+" { rest.removeFirst() }
        if rest == "0" { return .zero }
        guard !rest.isEmpty else { return nil }
        var total: Double = 0
        var whole: Int64 = 0
        while !rest.isEmpty {
            let number = rest.prefix { $0 == "." || ($0.isASCII && $0.isNumber) }
            rest = rest.dropFirst(number.count)
            let unit = rest.prefix { $0 != "." && !($0.isASCII && $0.isNumber) }
            rest = rest.dropFirst(unit.count)
            guard let scale = units.first(where: { $0.name == unit })?.nanoseconds,
                let (integer, fraction) = parts(of: number)
            else { return nil }
            let (product, overflow) = integer.multipliedReportingOverflow(by: scale)
            let (sum, carry) = whole.addingReportingOverflow(product)
            guard !overflow, !carry else { return nil }
            whole = sum
            total += fraction * Double(scale)
        }
        let nanoseconds = whole + Int64(total)
        return .nanoseconds(negative ? -nanoseconds : nanoseconds)
    }

    private static func parts(of number: Substring) -> (integer: Int64, fraction: Double)? {
        let pieces = number.split(separator: ".", maxSplits: 1, omittingEmptySubsequences: false)
        guard let first = pieces.first, number != ".", !number.isEmpty else { return nil }
        guard let integer = first.isEmpty ? 0 : Int64(first) else { return nil }
        guard pieces.count > 1, !pieces[1].isEmpty else { return (integer, 0) }
        guard !pieces[1].contains("."), let fraction = Double("0.\(pieces[1])") else { return nil }
        return (integer, fraction)
    }

    /// A duration as Go prints it: `1m30s`, `10.5s`, `2µs`, `0s`.
    static func text(of duration: Duration) -> String {
        let (seconds, attoseconds) = duration.components
        let nanoseconds = seconds * 1_000_000_000 + attoseconds / 1_000_000_000
        let sign = nanoseconds < 0 ? "-" : ""
        let amount = nanoseconds.magnitude
        switch amount {
        case 0: return "0s"
        case ..<1_000: return "\(sign)\(amount)ns"
        case ..<1_000_000: return sign + decimal(amount, per: 1_000) + "µs"
        case ..<1_000_000_000: return sign + decimal(amount, per: 1_000_000) + "ms"
        default:
            let minutes = amount / 60_000_000_000
            let rest = decimal(amount % 60_000_000_000, per: 1_000_000_000) + "s"
            if minutes == 0 { return sign + rest }
            if minutes < 60 { return "\(sign)\(minutes)m\(rest)" }
            return "\(sign)\(minutes / 60)h\(minutes % 60)m\(rest)"
        }
    }

    private static func decimal(_ amount: UInt64, per unit: UInt64) -> String {
        var digits = String(amount % unit + unit).dropFirst()
        while digits.last == "0" { digits.removeLast() }
        return digits.isEmpty ? "\(amount / unit)" : "\(amount / unit).\(digits)"
    }
}
