/// Something mounted into a service's containers.
///
/// Source: Compose Specification, services, `volumes`.
public struct ServiceVolume: Sendable, Equatable {
    /// What is mounted.
    public enum Kind: String, Sendable, Equatable {
        /// A file or directory of the host.
        case bind
        /// A volume, named or anonymous.
        case volume
        /// Memory.
        case tmpfs
        /// An image, read-only.
        case image
        /// A named pipe; Windows only.
        case npipe
        /// A volume of a cluster.
        case cluster
    }

    /// What is mounted.
    public var kind: Kind
    /// The path, volume key or image; nil for an anonymous volume or memory.
    public var source: String?
    /// The path in the container.
    public var target: String
    /// Whether nothing can be written.
    public var readOnly: Bool = false
    /// A hint for other systems.
    public var consistency: String?
    /// Options of a bind mount.
    public var bind: BindOptions?
    /// Options of a volume.
    public var volume: VolumeOptions?
    /// Options of memory.
    public var tmpfs: TmpfsOptions?
    /// Options of an image.
    public var image: ImageOptions?
    /// Its `x-` keys.
    public var extensions: Extensions = [:]

    /// Makes a mount without options.
    public init(_ kind: Kind, source: String? = nil, target: String) {
        self.kind = kind
        self.source = source
        self.target = target
    }

    /// Whether a bind source that does not exist is made a directory: where nothing is said of the
    /// binding, as docker compose does it.
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
