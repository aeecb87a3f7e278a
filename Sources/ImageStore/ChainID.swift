public import OCI
public import SystemPackage

/// The ID of a stack of layers: the same layer over different ones has different chain IDs.
///
/// Source: OCI Image Specification, config.md, "Layer ChainID".
public struct ChainID: Hashable, Sendable, Codable {
    public let digest: Digest

    /// The stack of a single layer.
    public init(lowest diffID: Digest) { digest = diffID }

    /// The stack of a layer on top of `parent`.
    public init(_ diffID: Digest, over parent: ChainID?) {
        guard let parent else {
            digest = diffID
            return
        }
        digest = Digest.sha256(of: Array("\(parent.digest) \(diffID)".utf8))
    }

    /// The stack whose topmost layer is unpacked at `tree`, a path from `ImageStore.tree(of:)`; nil
    /// for other paths.
    public init?(tree: FilePath) {
        guard let name = tree.removingLastComponent().lastComponent?.string else { return nil }
        self.init(hex: name)
    }

    /// The stack with a recorded ID.
    public init(named digest: Digest) { self.digest = digest }

    /// Parses the name of a snapshot's directory: 64 hexadecimal digits.
    init?(hex: String) {
        // A directory with another name is not a snapshot.
        guard let digest = try? Digest("sha256:\(hex)") else { return nil }
        self.digest = digest
    }

    /// The chain IDs of the layers `diffIDs`, lowest first.
    public static func chain(of diffIDs: [Digest]) -> [ChainID] {
        var chain: [ChainID] = []
        for diffID in diffIDs { chain.append(ChainID(diffID, over: chain.last)) }
        return chain
    }

    public init(from decoder: any Decoder) throws { digest = try Digest(from: decoder) }

    public func encode(to encoder: any Encoder) throws { try digest.encode(to: encoder) }
}

extension ChainID: CustomStringConvertible {
    public var description: String { digest.description }
}
