import Crypto
import Linux
import OCI

/// A hash over fields, each preceded by its length so that different lists never collide.
struct ContentDigest {
    private var hash = SHA256()

    mutating func add(_ bytes: [UInt8]) {
        var length = UInt64(bytes.count).littleEndian
        var prefix: [UInt8] = []
        for _ in 0..<8 {
            prefix.append(UInt8(truncatingIfNeeded: length))
            length >>= 8
        }
        hash.update(data: prefix)
        hash.update(data: bytes)
    }

    mutating func add(_ text: String) { add(Array(text.utf8)) }

    mutating func add(_ texts: [String]) {
        add(String(texts.count))
        for text in texts { add(text) }
    }

    mutating func add(_ number: some BinaryInteger) { add(String(number)) }

    var digest: OCI.Digest { OCI.Digest(sha256: hash.finalize()) }

    /// The digest of a file's bytes.
    static func of(_ file: borrowing Descriptor) throws(SystemCallError) -> OCI.Digest {
        var hash = SHA256()
        while true {
            let bytes = try file.read(upTo: 1 << 20)
            if bytes.isEmpty { return OCI.Digest(sha256: hash.finalize()) }
            hash.update(data: bytes)
        }
    }
}
