/// A content digest: a hash algorithm and the hash of the content.
///
/// Source: OCI Image Specification, descriptor.md, "Digests"; only its two registered algorithms.
public struct Digest: Hashable, Sendable {
    /// The registered hash functions.
    public enum Algorithm: String, Sendable, CaseIterable {
        case sha256
        case sha512

        /// The number of hexadecimal digits of a hash.
        public var hexLength: Int { self == .sha256 ? 64 : 128 }
    }

    public let algorithm: Algorithm
    /// The hash in lower-case hexadecimal.
    public let hex: String

    /// Parses `sha256:…`.
    public init(_ text: String) throws(OCIError) {
        guard let colon = text.utf8.firstIndex(of: UInt8(ascii: ":")),
            let algorithm = Algorithm(rawValue: String(text[..<colon]))
        else { throw OCIError(.digest, in: text) }
        let hex = text[text.utf8.index(after: colon)...]
        guard hex.utf8.count == algorithm.hexLength, hex.utf8.allSatisfy(Self.isHexadecimal) else {
            throw OCIError(.digest, in: text)
        }
        self.algorithm = algorithm
        self.hex = String(hex)
    }

    /// The digest with the 32 bytes of a SHA-256 hash.
    public init(sha256 hash: some Sequence<UInt8>) {
        algorithm = .sha256
        hex = Self.hexadecimal(hash)
        precondition(hex.utf8.count == algorithm.hexLength, "a SHA-256 hash has 32 bytes")
    }

    /// The first twelve digits, as shown in tables.
    public var short: String { String(hex.prefix(12)) }

    private static func isHexadecimal(_ byte: UInt8) -> Bool {
        (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte)
            || (UInt8(ascii: "a")...UInt8(ascii: "f")).contains(byte)
    }

    private static func hexadecimal(_ bytes: some Sequence<UInt8>) -> String {
        let digits = Array("0123456789abcdef".utf8)
        let text = bytes.flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] }
        return String(decoding: text, as: UTF8.self)
    }
}

extension Digest: CustomStringConvertible {
    public var description: String { "\(algorithm.rawValue):\(hex)" }
}

extension Digest: Codable {
    public init(from decoder: any Decoder) throws {
        try self.init(decoder.singleValueContainer().decode(String.self))
    }

    public func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(description)
    }
}
