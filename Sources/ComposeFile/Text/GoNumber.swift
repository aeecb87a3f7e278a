/// Numbers in Go's notation.
enum GoNumber {
    /// Formats like `fmt.Sprint`: shortest digits, an exponent below 1e-4 and from 1e6 on.
    static func text(_ value: Double) -> String {
        if value.isNaN { return "NaN" }
        if value.isInfinite { return value < 0 ? "-Inf" : "+Inf" }
        let digits = Digits(of: value.description)
        return digits.exponent < -4 || digits.exponent >= 6 ? digits.scientific : digits.plain
    }

    /// Formats like `encoding/json`: an exponent below 1e-6 and from 1e21 on.
    static func json(_ value: Double) -> String {
        json(magnitude: value.magnitude, description: value.description)
    }

    /// Formats like `encoding/json` for a 32-bit number.
    static func json(_ value: Float) -> String {
        json(magnitude: Double(value.magnitude), description: value.description)
    }

    private static func json(magnitude: Double, description: String) -> String {
        let digits = Digits(of: description)
        guard magnitude != 0, magnitude < 1e-6 || magnitude >= 1e21 else { return digits.plain }
        return digits.scientific.replacing("e-0", with: "e-")
    }
}

extension GoNumber {
    /// The shortest decimal digits of a number and the power of ten of the first.
    private struct Digits {
        let negative: Bool
        let digits: String
        let exponent: Int

        init(of description: String) {
            negative = description.hasPrefix("-")
            let parts = description.drop { $0 == "-" }.split(separator: "e")
            let power = parts.count > 1 ? Int(parts[1]) ?? 0 : 0
            let halves = parts[0].split(separator: ".")
            let all = halves.joined()
            let leadingZeros = all.prefix { $0 == "0" }.count
            var significant = all.dropFirst(leadingZeros)
            while significant.last == "0" { significant.removeLast() }
            digits = significant.isEmpty ? "0" : String(significant)
            exponent = significant.isEmpty ? 0 : halves[0].count - 1 - leadingZeros + power
        }

        var plain: String {
            let sign = negative ? "-" : ""
            if exponent < 0 {
                return sign + "0." + String(repeating: "0", count: -exponent - 1) + digits
            }
            if digits.count <= exponent + 1 {
                return sign + digits + String(repeating: "0", count: exponent + 1 - digits.count)
            }
            return sign + digits.prefix(exponent + 1) + "." + digits.dropFirst(exponent + 1)
        }

        var scientific: String {
            let mantissa =
                digits.count > 1 ? digits.prefix(1) + "." + digits.dropFirst() : digits[...]
            let size = exponent.magnitude
            let sign = exponent < 0 ? "-" : "+"
            return "\(negative ? "-" : "")\(mantissa)e\(sign)\(size < 10 ? "0" : "")\(size)"
        }
    }
}
