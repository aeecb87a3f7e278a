public import OCI
public import SystemPackage

/// The settings of a bundle that only this runtime knows, in annotations that others ignore.
public struct RuntimeExtensions: Sendable, Equatable {
    /// The overlay mount of the root file system.
    public struct Overlay: Sendable, Equatable {
        /// The read-only layers, topmost first.
        public var lower: [FilePath]
        /// The layer that the container writes to; nil for a read-only root.
        public var upper: FilePath?
        /// An empty directory on the same file system as `upper`.
        public var work: FilePath?

        public init(lower: [FilePath], upper: FilePath? = nil, work: FilePath? = nil) {
            self.lower = lower
            self.upper = upper
            self.work = work
        }
    }

    /// Mounted on the bundle's root path, in the container's mount namespace only.
    public var overlay: Overlay?
    /// `user[:group]` by name or number, looked up in the mounted root; replaces numeric ids.
    public var user: String?
    /// Supplementary groups by name or number.
    public var groups: [String]
    /// Runs the program below a small init process that forwards signals and reaps orphans.
    public var usesInit: Bool

    public init(
        overlay: Overlay? = nil,
        user: String? = nil,
        groups: [String] = [],
        usesInit: Bool = false
    ) {
        self.overlay = overlay
        self.user = user
        self.groups = groups
        self.usesInit = usesInit
    }
}

extension RuntimeExtensions {
    /// Returns the option that mounts only `path` inside the source of a bind or overlay mount.
    ///
    /// No link leads out of the source. Other runtimes ignore the option.
    public static func subpathOption(_ path: String) -> String {
        "\(MountOptions.subpathKey)=\(path)"
    }
}

extension RuntimeSpecification {
    /// The values of the annotations whose keys begin with `io.swiftcompose.`.
    public var extensions: RuntimeExtensions {
        get { RuntimeExtensions(annotations ?? [:]) }
        set {
            var all = (annotations ?? [:]).filter { !RuntimeExtensions.keys.contains($0.key) }
            all.merge(newValue.annotations) { $1 }
            annotations = all.isEmpty ? nil : all
        }
    }
}

extension RuntimeExtensions {
    private static let lower = "io.swiftcompose.overlay.lower"
    private static let upper = "io.swiftcompose.overlay.upper"
    private static let work = "io.swiftcompose.overlay.work"
    private static let user = "io.swiftcompose.user"
    private static let groups = "io.swiftcompose.groups"
    private static let usesInit = "io.swiftcompose.init"
    fileprivate static let keys = [lower, upper, work, user, groups, usesInit]

    fileprivate init(_ annotations: [String: String]) {
        let lower = annotations[Self.lower].map { $0.split(separator: "\n").map(String.init) }
        overlay = lower.map {
            Overlay(
                lower: $0.map { FilePath($0) },
                upper: annotations[Self.upper].map { FilePath($0) },
                work: annotations[Self.work].map { FilePath($0) }
            )
        }
        user = annotations[Self.user]
        groups = annotations[Self.groups]?.split(separator: ",").map(String.init) ?? []
        usesInit = annotations[Self.usesInit] == "true"
    }

    fileprivate var annotations: [String: String] {
        var all: [String: String] = [:]
        all[Self.lower] = overlay?.lower.map(\.string).joined(separator: "\n")
        all[Self.upper] = overlay?.upper?.string
        all[Self.work] = overlay?.work?.string
        all[Self.user] = user
        if !groups.isEmpty { all[Self.groups] = groups.joined(separator: ",") }
        if usesInit { all[Self.usesInit] = "true" }
        return all
    }
}
