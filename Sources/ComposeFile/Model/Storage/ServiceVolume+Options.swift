public import Notation

extension ServiceVolume {
    /// Options of a bind mount.
    public struct BindOptions: Sendable, Equatable {
        /// The treatment of mounts below the source: `recursive`.
        public enum Recursion: String, Sendable, Equatable {
            /// All mounts below the source are included.
            case enabled
            /// Only the source is mounted.
            case disabled
            /// All are included; only the topmost mount is read-only.
            case writable
            /// All are included and read-only.
            case readonly
        }

        /// `z` or `Z`: the SELinux relabelling of the source.
        public var selinux: String?
        /// `rprivate`, `private`, `rshared`, `shared`, `rslave` or `slave`.
        public var propagation: String?
        /// Whether a missing source is created as a directory; nil means no.
        public var createHostPath: Bool?
        /// The treatment of mounts below the source.
        public var recursive: Recursion?
        /// Its `x-` extension fields.
        public var extensions: Extensions = [:]

        /// Creates the default options.
        public init() {}
    }

    /// Options of a volume mount.
    public struct VolumeOptions: Sendable, Equatable {
        /// Labels of an anonymous volume.
        public var labels: [String: String] = [:]
        /// Whether an empty volume is not filled with the image's files.
        public var noCopy: Bool = false
        /// The directory of the volume to mount.
        public var subpath: String?
        /// Its `x-` extension fields.
        public var extensions: Extensions = [:]

        /// Creates the default options.
        public init() {}
    }

    /// Options of a tmpfs mount.
    public struct TmpfsOptions: Sendable, Equatable {
        /// The maximum size; nil means half of the host's memory.
        public var size: ByteCount?
        /// Permission bits; nil means 1777.
        public var mode: UInt32?
        /// Its `x-` extension fields.
        public var extensions: Extensions = [:]

        /// Creates the default options.
        public init() {}
    }

    /// Options of an image.
    public struct ImageOptions: Sendable, Equatable {
        /// The directory in the image that is mounted.
        public var subpath: String?
        /// Its `x-` extension fields.
        public var extensions: Extensions = [:]

        /// Creates the default options.
        public init() {}
    }
}

extension ServiceVolume.BindOptions {
    init(_ fields: Fields) throws(ComposeError) {
        selinux = try fields.string("selinux")
        propagation = try fields.string("propagation")
        createHostPath = try fields.boolean("create_host_path")
        recursive = try fields.word("recursive")
        extensions = fields.extensions
    }
}

extension ServiceVolume.VolumeOptions {
    init(_ fields: Fields) throws(ComposeError) {
        labels = try fields.labels("labels")
        noCopy = try fields.flag("nocopy")
        subpath = try fields.string("subpath")
        extensions = fields.extensions
    }
}

extension ServiceVolume.TmpfsOptions {
    init(_ fields: Fields) throws(ComposeError) {
        size = try fields.bytes("size")
        mode = try fields.nonZero("mode")
        extensions = fields.extensions
    }
}

extension ServiceVolume.ImageOptions {
    init(_ fields: Fields) throws(ComposeError) {
        subpath = try fields.string("subpath")
        extensions = fields.extensions
    }
}
