/// Quantities of bytes such as `64m`, all units being powers of 1024.
enum ByteCountText {
    private static let units: [Character: Double] = [
        "k": 1024, "m": 1_048_576, "g": 1_073_741_824, "t": 1_099_511_627_776,
        "p": 1_125_899_906_842_624,
    ]

    /// The quantity that a text stands for; nil when it is none.
    static func value(of text: String) -> ByteCount? {
        guard
            let last = text.lastIndex(where: { ($0.isASCII && $0.isNumber) || ".  ".contains($0) })
        else { return nil }
        let number = text[last] == " " ? text[..<last] : text[...last]
        let unit = text[text.index(after: last)...].lowercased()
        guard let amount = amount(of: number), amount >= 0, let scale = scale(of: unit) else {
            return nil
        }
        let bytes = amount * scale
        return bytes < 9.2e18 ? ByteCount(Int64(bytes)) : nil
    }

    private static func amount(of number: Substring) -> Double? {
        let plain = number.utf8.allSatisfy { (48...57).contains($0) || [43, 45, 46].contains($0) }
        return plain ? Double(number) : nil
    }

    private static func scale(of unit: String) -> Double? {
        guard let first = unit.first else { return 1 }
        if unit == "b" { return 1 }
        guard let scale = units[first], ["", "b", "ib"].contains(unit.dropFirst()) else {
            return nil
        }
        return scale
    }
}
