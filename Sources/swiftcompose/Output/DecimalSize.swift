/// Sizes as docker prints those of images: three digits and a decimal unit.
enum DecimalSize {
    /// `0B`, `1.98MB`, `117MB`. Source: docker/go-units, HumanSizeWithPrecision.
    static func text(_ bytes: Int64, digits: Int = 3) -> String {
        var (value, unit) = (Double(bytes), 0)
        let units = ["B", "kB", "MB", "GB", "TB", "PB"]
        while value >= 1000, unit < units.count - 1 {
            value /= 1000
            unit += 1
        }
        return significant(value, digits) + units[unit]
    }

    /// Returns at most `digits` digits, without trailing zeros of a fraction.
    private static func significant(_ value: Double, _ digits: Int) -> String {
        let whole = value >= 100 ? 3 : value >= 10 ? 2 : 1
        let decimals = max(0, digits - whole)
        let scale = (0..<decimals).reduce(1.0) { scale, _ in scale * 10 }
        let rounded = Int((value * scale).rounded(.toNearestOrEven))
        var (integer, fraction) = ("\(rounded / Int(scale))", "\(rounded % Int(scale))")
        fraction = String(repeating: "0", count: max(0, decimals - fraction.count)) + fraction
        while fraction.hasSuffix("0") { fraction.removeLast() }
        if !fraction.isEmpty { integer += "." + fraction }
        return integer
    }
}
