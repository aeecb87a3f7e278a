public import OCI
public import SystemPackage

/// What a bundle says to this runtime alone, in annotations that others pass over.
public struct RuntimeExtensions: Sendable, Equatable {
    /// The overlay mount that makes the root file system.
    public struct Overlay: Sendable, Equatable {
        /// Topmost first.
        public var lower: [FilePath]
        /// Takes what the container writes; nil for a root that nobody writes.
        public var upper: FilePath?
        /// An empty directory beside `upper`.
        public var work: FilePath?

        public init(lower: [FilePath], upper: FilePath? = nil, work: FilePath? = nil) {
            self.lower = lower
            self.upper = upper
            self.work = work
        }
    }

    /// Mounted on the bundle's root path inside the container's mount namespace only.
    public var overlay: Overlay?
    /// `user[:group]` by name or number, looked up in the mounted root; replaces the ids given.
    public var user: String?
    /// Further groups by name or number.
    public var groups: [String]
    /// Puts a small init process before the program: it passes signals on and reaps orphans.
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
    /// The option of a bind or overlay mount that shows only the directory at `path` inside its
    /// source; no link leads out of the source. Others pass it over.
    public static func subpathOption(_ path: String) -> String {
        "\(MountOptions.subpathKey)=\(path)"
    }
}

extension RuntimeSpecification {
    /// The annotations that begin with `io.swiftcompose.`, as values.
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
