extension FixedWidthInteger {
    /// The bytes of the number in the machine's byte order.
    var nativeBytes: [UInt8] {
        (0..<Self.bitWidth / 8).map { UInt8(truncatingIfNeeded: littleEndian >> (8 * $0)) }
    }

    /// Reads a number in the machine's byte order; nil if there are too few bytes.
    init?(native bytes: ArraySlice<UInt8>) {
        let size = Self.bitWidth / 8
        guard bytes.count >= size else { return nil }
        var value: Self = 0
        for byte in bytes.prefix(size).reversed() {
            value = value << 8 | Self(truncatingIfNeeded: byte)
        }
        self = Self(littleEndian: value)
    }
}
