/// Sizes as docker prints those of images: three digits and a decimal unit.
enum DecimalSize {
    /// `0B`, `1.98MB`, `117MB`. Source: docker/go-units, HumanSizeWithPrecision.
    static func text(_ bytes: Int64) -> String {
        var (value, unit) = (Double(bytes), 0)
        let units = ["B", "kB", "MB", "GB", "TB", "PB"]
        while value >= 1000, unit < units.count - 1 {
            value /= 1000
            unit += 1
        }
        return significant(value) + units[unit]
    }

    /// Returns at most three digits, without trailing zeros of a fraction.
    private static func significant(_ value: Double) -> String {
        let decimals = value >= 100 ? 0 : value >= 10 ? 1 : 2
        let scale = [1.0, 10, 100][decimals]
        let rounded = Int((value * scale).rounded(.toNearestOrEven))
        var (whole, fraction) = ("\(rounded / Int(scale))", "\(rounded % Int(scale))")
        fraction = String(repeating: "0", count: max(0, decimals - fraction.count)) + fraction
        while fraction.hasSuffix("0") { fraction.removeLast() }
        if !fraction.isEmpty { whole += "." + fraction }
        return whole
    }
}
