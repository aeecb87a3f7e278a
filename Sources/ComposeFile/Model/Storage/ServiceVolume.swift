/// A mount of a service's containers.
///
/// Source: Compose Specification, services, `volumes`.
public struct ServiceVolume: Sendable, Equatable {
    /// The type of mount.
    public enum Kind: String, Sendable, Equatable {
        /// A file or directory of the host.
        case bind
        /// A volume, named or anonymous.
        case volume
        /// An in-memory file system.
        case tmpfs
        /// An image, read-only.
        case image
        /// A named pipe; Windows only.
        case npipe
        /// A cluster volume; Swarm only.
        case cluster
    }

    /// The type of mount.
    public var kind: Kind
    /// The host path, volume key or image; nil for an anonymous volume or tmpfs.
    public var source: String?
    /// The path in the container.
    public var target: String
    /// Whether the mount is read-only.
    public var readOnly: Bool = false
    /// The consistency requirement, without effect on Linux.
    public var consistency: String?
    /// Options of a bind mount.
    public var bind: BindOptions?
    /// Options of a volume mount.
    public var volume: VolumeOptions?
    /// Options of a tmpfs mount.
    public var tmpfs: TmpfsOptions?
    /// Options of an image mount.
    public var image: ImageOptions?
    /// Its `x-` extension fields.
    public var extensions: Extensions = [:]

    /// Creates a mount without options.
    public init(_ kind: Kind, source: String? = nil, target: String) {
        self.kind = kind
        self.source = source
        self.target = target
    }

    /// Whether a missing bind source is created as a directory; as in docker compose, true without a
    /// `bind` section.
    public var createsHostPath: Bool { bind.map { $0.createHostPath ?? false } ?? true }
}

extension ServiceVolume {
    init(_ fields: Fields) throws(ComposeError) {
        kind = try fields.word("type") ?? .volume
        source = try fields.string("source")
        target = try fields.string("target") ?? ""
        readOnly = try fields.flag("read_only")
        consistency = try fields.string("consistency")
        bind = try fields.section("bind").map(BindOptions.init)
        volume = try fields.section("volume").map(VolumeOptions.init)
        tmpfs = try fields.section("tmpfs").map(TmpfsOptions.init)
        image = try fields.section("image").map(ImageOptions.init)
        extensions = fields.extensions
        if kind == .bind, source == nil {
            let problem = ComposeError.Problem.expected(
                "a source for the bind mount",
                found: "none",
                path: "\(fields.path)"
            )
            throw ComposeError(problem, at: fields.location)
        }
    }
}
