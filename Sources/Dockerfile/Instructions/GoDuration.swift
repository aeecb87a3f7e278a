/// A duration as Go writes it: `1h2m3.5s`, `500ms`, `0`.
///
/// Source: Go, package time, `ParseDuration`.
struct GoDuration {
    let nanoseconds: Int64

    /// Nil for what is none, or is longer than 292 years.
    init?(_ text: String) {
        var rest = text.scalarSlice
        let isNegative = rest.first == "-"
        if rest.first == "-" || rest.first == "+" { rest.removeFirst() }
        if rest.elementsEqual("0".unicodeScalars) {
            nanoseconds = 0
            return
        }
        guard !rest.isEmpty else { return nil }
        var total = 0.0
        while !rest.isEmpty {
            let number = rest.prefix { $0.isASCIIDigit || $0 == "." }
            rest = rest[number.endIndex...]
            let unit = rest.prefix { !$0.isASCIIDigit && $0 != "." }
            rest = rest[unit.endIndex...]
            guard let value = Double(number.string), let factor = Self.units[unit.string] else {
                return nil
            }
            total += value * factor
        }
        guard total < 9.2e18 else { return nil }
        nanoseconds = Int64(isNegative ? -total : total)
    }

    private static let units: [String: Double] = [
        "ns": 1, "us": 1e3, "µs": 1e3, "μs": 1e3, "ms": 1e6, "s": 1e9, "m": 6e10, "h": 3.6e12,
    ]
}
