/// Sizes as docker prints those of `stats`. Source: docker/go-units, `%.4g` and `%.3g`.
enum UsageSize {
    /// `1.5MiB`, four digits.
    static func binary(_ bytes: UInt64) -> String {
        text(bytes, base: 1024, digits: 4, ["B", "KiB", "MiB", "GiB", "TiB", "PiB", "EiB"])
    }

    /// `1.57MB`, three digits.
    static func decimal(_ bytes: UInt64) -> String {
        text(bytes, base: 1000, digits: 3, ["B", "kB", "MB", "GB", "TB", "PB", "EB"])
    }

    private static func text(
        _ bytes: UInt64,
        base: Double,
        digits: Int,
        _ units: [String]
    ) -> String {
        var (value, unit) = (Double(bytes), 0)
        while value >= base, unit + 1 < units.count {
            value /= base
            unit += 1
        }
        let whole = String(Int(value)).count
        var number = fixed(value, places: max(0, digits - whole))
        if number.contains(".") {
            while number.last == "0" { number.removeLast() }
            if number.last == "." { number.removeLast() }
        }
        return number + units[unit]
    }

    /// Returns `value` rounded to `places` decimal places.
    static func fixed(_ value: Double, places: Int) -> String {
        let scale = (0..<places).reduce(1.0) { scale, _ in scale * 10 }
        let scaled = (value * scale).rounded()
        guard places > 0 else { return String(Int(scaled)) }
        let (whole, part) = Int(scaled).quotientAndRemainder(dividingBy: Int(scale))
        let digits = String(part)
        return "\(whole).\(String(repeating: "0", count: places - digits.count))\(digits)"
    }
}
