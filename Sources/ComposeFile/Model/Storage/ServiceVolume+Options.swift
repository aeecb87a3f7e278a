public import Notation

extension ServiceVolume {
    /// Options of a bind mount.
    public struct BindOptions: Sendable, Equatable {
        /// How far mounts below are carried: `recursive`.
        public enum Recursion: String, Sendable, Equatable {
            /// With the source, all mounts below it.
            case enabled
            /// Only the source.
            case disabled
            /// All, but read-only at the top only.
            case writable
            /// All, and all read-only.
            case readonly
        }

        /// `z` or `Z`: relabel the source for SELinux.
        public var selinux: String?
        /// `rprivate`, `private`, `rshared`, `shared`, `rslave` or `slave`.
        public var propagation: String?
        /// Whether a source that does not exist is made a directory; nil means no.
        public var createHostPath: Bool?
        /// How far mounts below are carried.
        public var recursive: Recursion?
        /// Its `x-` keys.
        public var extensions: Extensions = [:]

        /// Makes the usual options.
        public init() {}
    }

    /// Options of a volume.
    public struct VolumeOptions: Sendable, Equatable {
        /// Labels of an anonymous volume.
        public var labels: [String: String] = [:]
        /// Whether an empty volume is left empty, not filled from the image.
        public var noCopy: Bool = false
        /// The directory in the volume that is mounted.
        public var subpath: String?
        /// Its `x-` keys.
        public var extensions: Extensions = [:]

        /// Makes the usual options.
        public init() {}
    }

    /// Options of memory.
    public struct TmpfsOptions: Sendable, Equatable {
        /// The most it may hold; nil is half of the memory.
        public var size: ByteCount?
        /// Permission bits; nil is 1777.
        public var mode: UInt32?
        /// Its `x-` keys.
        public var extensions: Extensions = [:]

        /// Makes the usual options.
        public init() {}
    }

    /// Options of an image.
    public struct ImageOptions: Sendable, Equatable {
        /// The directory in the image that is mounted.
        public var subpath: String?
        /// Its `x-` keys.
        public var extensions: Extensions = [:]

        /// Makes the usual options.
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
