/// A quantity of memory or storage; negative where an attribute means "unlimited".
public struct ByteCount: Sendable, Hashable, Comparable {
    /// The number of bytes.
    public var bytes: Int64

    /// Creates a quantity of `bytes` bytes.
    public init(_ bytes: Int64) {
        self.bytes = bytes
    }

    /// Compares two quantities.
    public static func < (left: ByteCount, right: ByteCount) -> Bool {
        left.bytes < right.bytes
    }
}

extension ByteCount {
    private static let scales: [Character: Double] = [
        "k": 1024, "m": 1_048_576, "g": 1_073_741_824, "t": 1_099_511_627_776,
        "p": 1_125_899_906_842_624,
    ]

    /// Reads a number with an optional unit, as `64m`, `1.5gb` or `2 KiB`, all units being powers
    /// of 1024; nil for anything else, negative numbers and more than 9.2 EB.
    ///
    /// Source: `RAMInBytes` of github.com/docker/go-units.
    public init?(parsing text: String) {
        guard let last = text.lastIndex(where: { ("0"..."9").contains($0) || ". ".contains($0) })
        else { return nil }
        let number = text[last] == " " ? text[..<last] : text[...last]
        let unit = text[text.index(after: last)...].lowercased()
        guard let amount = Self.amount(number), amount >= 0, let scale = Self.scale(of: unit) else {
            return nil
        }
        let bytes = amount * scale
        guard bytes < 9.2e18 else { return nil }
        self.init(Int64(bytes))
    }

    private static func amount(_ number: Substring) -> Double? {
        let isPlain = number.utf8.allSatisfy {
            UInt8(ascii: "0")...UInt8(ascii: "9") ~= $0
                || [UInt8(ascii: "+"), UInt8(ascii: "-"), UInt8(ascii: ".")].contains($0)
        }
        return isPlain ? Double(number) : nil
    }

    private static func scale(of unit: String) -> Double? {
        guard let first = unit.first, unit != "b" else { return 1 }
        guard let scale = scales[first], ["", "b", "ib"].contains(unit.dropFirst()) else {
            return nil
        }
        return scale
    }
}
