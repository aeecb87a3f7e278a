public import OCI
public import SystemPackage

/// The name of a stack of layers, which tells one layer over different ones apart.
///
/// Source: OCI Image Specification, config.md, "Layer ChainID".
public struct ChainID: Hashable, Sendable, Codable {
    public let digest: Digest

    /// The stack of one layer.
    public init(lowest diffID: Digest) { digest = diffID }

    /// The stack of one more layer on top of `parent`.
    public init(_ diffID: Digest, over parent: ChainID?) {
        guard let parent else {
            digest = diffID
            return
        }
        digest = Digest.sha256(of: Array("\(parent.digest) \(diffID)".utf8))
    }

    /// The stack whose topmost layer is unpacked at `tree`, as `ImageStore.tree(of:)` says; nil for
    /// other paths.
    public init?(tree: FilePath) {
        guard let name = tree.removingLastComponent().lastComponent?.string else { return nil }
        self.init(hex: name)
    }

    /// The stack of this name, as recorded earlier.
    public init(named digest: Digest) { self.digest = digest }

    /// Reads what a snapshot's directory is called: 64 hexadecimal digits.
    init?(hex: String) {
        // What is no digest is no snapshot, and somebody else's business.
        guard let digest = try? Digest("sha256:\(hex)") else { return nil }
        self.digest = digest
    }

    /// The stacks that `diffIDs` form, lowest first.
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
