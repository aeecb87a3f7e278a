import FoundationEssentials
public import OCI

import struct Crypto.SHA256

/// Computes a digest incrementally.
public struct ContentHash: Sendable {
    private var hash = SHA256()

    public init() {}

    public mutating func update(_ bytes: [UInt8]) { hash.update(data: bytes) }

    /// The digest of the bytes so far.
    public var digest: Digest { Digest(sha256: hash.finalize()) }
}

extension Digest {
    /// The SHA-256 digest of `bytes`.
    public static func sha256(of bytes: [UInt8]) -> Digest {
        var hash = ContentHash()
        hash.update(bytes)
        return hash.digest
    }
}
