extension RuntimeSpecification {
    /// The Linux-specific configuration. Source: `config-linux.md`.
    public struct Linux: Codable, Hashable, Sendable {
        public var uidMappings: [IDMapping]?
        public var gidMappings: [IDMapping]?
        /// Kernel parameters of the container's namespaces, by dotted name.
        public var sysctl: [String: String]?
        public var resources: Resources?
        /// Relative to the root of each cgroup hierarchy if absolute.
        public var cgroupsPath: String?
        public var namespaces: [Namespace]?
        /// Device nodes to create in addition to the default ones.
        public var devices: [Device]?
        public var seccomp: Seccomp?
        /// `private`, `shared`, `slave` or `unbindable`.
        public var rootfsPropagation: String?
        /// Paths hidden from the container.
        public var maskedPaths: [String]?
        /// Paths that are read-only in the container.
        public var readonlyPaths: [String]?
        public var mountLabel: String?

        public init(
            namespaces: [Namespace]? = nil,
            resources: Resources? = nil,
            cgroupsPath: String? = nil
        ) {
            self.namespaces = namespaces
            self.resources = resources
            self.cgroupsPath = cgroupsPath
        }
    }

    /// A new namespace, or the existing one at `path`.
    public struct Namespace: Codable, Hashable, Sendable {
        public enum Kind: String, Codable, Sendable, CaseIterable {
            case pid
            case network
            case mount
            case ipc
            case uts
            case user
            case cgroup
            case time
        }

        public var type: Kind
        public var path: String?

        public init(_ type: Kind, path: String? = nil) {
            self.type = type
            self.path = path
        }
    }

    /// A mapping from a range of IDs in a user namespace to IDs outside.
    public struct IDMapping: Codable, Hashable, Sendable {
        public var containerID: UInt32
        public var hostID: UInt32
        public var size: UInt32

        public init(containerID: UInt32, hostID: UInt32, size: UInt32) {
            self.containerID = containerID
            self.hostID = hostID
            self.size = size
        }
    }

    /// A device node. Source: `config-linux.md`, devices.
    public struct Device: Codable, Hashable, Sendable {
        public enum Kind: String, Codable, Sendable {
            case character = "c"
            case unbuffered = "u"
            case block = "b"
            case fifo = "p"
        }

        public var type: Kind
        public var path: String
        public var major: Int64?
        public var minor: Int64?
        /// Permission bits, decimal in JSON.
        public var fileMode: UInt32?
        public var uid: UInt32?
        public var gid: UInt32?

        public init(
            type: Kind,
            path: String,
            major: Int64? = nil,
            minor: Int64? = nil,
            fileMode: UInt32? = nil,
            uid: UInt32? = nil,
            gid: UInt32? = nil
        ) {
            self.type = type
            self.path = path
            self.major = major
            self.minor = minor
            self.fileMode = fileMode
            self.uid = uid
            self.gid = gid
        }
    }
}
