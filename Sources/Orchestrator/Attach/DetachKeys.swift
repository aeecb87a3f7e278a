/// The keys that end a session at a container's terminal and leave the container running.
public struct DetachKeys: Sendable, Equatable {
    /// The bytes as they arrive; never empty.
    let bytes: [UInt8]

    /// Ctrl-P, Ctrl-Q.
    public static let standard = DetachKeys(bytes: [16, 17])

    private init(bytes: [UInt8]) { self.bytes = bytes }

    /// Reads a comma separated list of single characters, `DEL` and `ctrl-` with one of
    /// `@a-z[\\]^_`; empty means the standard keys.
    ///
    /// Source: `docker attach`, `--detach-keys`.
    public init(_ text: String) throws(UnknownKey) {
        if text.isEmpty {
            self = .standard
            return
        }
        var bytes: [UInt8] = []
        for key in text.split(separator: ",", omittingEmptySubsequences: false) {
            guard let byte = Self.byte(key) else { throw UnknownKey(key: String(key)) }
            bytes.append(byte)
        }
        self.bytes = bytes
    }

    private static func byte(_ key: Substring) -> UInt8? {
        if key.utf8.count == 1 { return key.utf8.first }
        if key == "DEL" { return 127 }
        guard key.hasPrefix("ctrl-"), key.utf8.count == 6, let letter = key.utf8.last else {
            return nil
        }
        switch letter {
        case UInt8(ascii: "@"), UInt8(ascii: "["), UInt8(ascii: "\\"), UInt8(ascii: "]"),
            UInt8(ascii: "^"), UInt8(ascii: "_"), UInt8(ascii: "a")...UInt8(ascii: "z"):
            return letter & 0x1F
        default: return nil
        }
    }

    /// An unknown key name.
    public struct UnknownKey: Error, Equatable, CustomStringConvertible {
        public var key: String

        public var description: String {
            "unknown detach key '\(key)'; keys are single characters, DEL, ctrl-a to ctrl-z and "
                + "ctrl- with one of @ [ \\ ] ^ _, separated by commas"
        }
    }
}

/// Searches input for the detach keys.
public struct DetachScanner: Sendable {
    private let keys: [UInt8]
    /// The number of keys that have arrived and are held back.
    private var seen = 0

    public init(_ keys: DetachKeys) { self.keys = keys.bytes }

    /// Returns the bytes of `input` to be passed on. `isDetached` is true once all keys have arrived in
    /// sequence; the input after them is dropped.
    public mutating func pass(_ input: [UInt8]) -> (bytes: [UInt8], isDetached: Bool) {
        var bytes: [UInt8] = []
        for byte in input {
            if byte != keys[seen] {
                bytes += keys[..<seen]
                seen = 0
            }
            if byte == keys[seen] {
                seen += 1
                if seen == keys.count { return (bytes, true) }
            } else {
                bytes.append(byte)
            }
        }
        return (bytes, false)
    }
}
