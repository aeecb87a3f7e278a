public import OCI

/// The content of a volume at one moment; stored as `snapshot.json` beside it.
public struct VolumeSnapshot: Codable, Sendable, Equatable {
    public var volume: String
    public var name: String
    public var created: Timestamp
    /// The size of its files in bytes; blocks that it shares with the volume count too.
    public var size: Int64
}
