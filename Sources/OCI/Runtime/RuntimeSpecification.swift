/// The configuration of a container: the `config.json` of a bundle.
///
/// Fields for other operating systems and virtual machines are omitted. Source: OCI Runtime
/// Specification 1.2, `config.md`.
public struct RuntimeSpecification: Codable, Hashable, Sendable {
    public var ociVersion: String
    public var process: Process?
    public var root: Root?
    /// The UTS namespace's host name.
    public var hostname: String?
    /// The UTS namespace's NIS domain name.
    public var domainname: String?
    /// In the order in which they are mounted.
    public var mounts: [Mount]?
    public var annotations: [String: String]?
    public var linux: Linux?

    public init(process: Process? = nil, root: Root? = nil, linux: Linux? = nil) {
        // Not the latest: runtimes in stable distributions reject newer versions.
        ociVersion = "1.0.2"
        self.process = process
        self.root = root
        self.linux = linux
    }
}

extension RuntimeSpecification {
    /// The directory that becomes `/`.
    public struct Root: Codable, Hashable, Sendable {
        /// Absolute, or relative to the bundle.
        public var path: String
        public var readonly: Bool?

        public init(path: String, readonly: Bool? = nil) {
            self.path = path
            self.readonly = readonly
        }
    }

    /// One mount below `/`. Source: `config.md`, mounts.
    public struct Mount: Codable, Hashable, Sendable {
        /// Absolute path inside the container.
        public var destination: String
        /// `bind`, `tmpfs`, `proc` and so on.
        public var type: String?
        /// A path on the host for `bind`, otherwise the first field in `/proc/mounts`.
        public var source: String?
        /// The options of mount(8).
        public var options: [String]?

        public init(
            destination: String,
            type: String? = nil,
            source: String? = nil,
            options: [String]? = nil
        ) {
            self.destination = destination
            self.type = type
            self.source = source
            self.options = options
        }
    }
}
