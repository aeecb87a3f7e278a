/// A quantity of memory or storage; negative where an attribute says "unlimited".
public struct ByteCount: Sendable, Hashable, Comparable {
    /// How many bytes.
    public var bytes: Int64

    /// Makes a quantity of `bytes` bytes.
    public init(_ bytes: Int64) {
        self.bytes = bytes
    }

    /// Reads a number of bytes with an optional unit of 1024s, as `64m`; nil for anything else.
    public init?(parsing text: String) {
        guard let count = ByteCountText.value(of: text) else { return nil }
        self = count
    }

    /// Whether `left` is the smaller.
    public static func < (left: ByteCount, right: ByteCount) -> Bool {
        left.bytes < right.bytes
    }
}
