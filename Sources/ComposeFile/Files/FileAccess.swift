/// What the loader may know of the disk: handed in, so that loading itself touches nothing.
public struct FileAccess: Sendable {
    /// What a path leads to.
    public enum Kind: Sendable, Equatable {
        case file
        case directory
        /// A FIFO, a socket or a device, which may give its bytes only once.
        case stream
    }

    /// Why a file could not be read.
    public struct Failure: Error, Sendable, Equatable {
        /// In the kernel's words, as "Permission denied".
        public var reason: String

        public init(_ reason: String) {
            self.reason = reason
        }
    }

    /// The bytes of a file; `-` is standard input.
    public var read: @Sendable (String) throws(Failure) -> [UInt8]
    /// What a path leads to, symbolic links followed; nil when there is nothing.
    public var kind: @Sendable (String) -> Kind?
    /// A path without symbolic links; nil when there is nothing.
    public var realPath: @Sendable (String) -> String?
    /// Where relative paths of the command line begin; absolute.
    public var currentDirectory: String
    /// What `~` stands for, where that is known.
    public var home: String?

    public init(
        currentDirectory: String,
        home: String?,
        read: @escaping @Sendable (String) throws(Failure) -> [UInt8],
        kind: @escaping @Sendable (String) -> Kind?,
        realPath: @escaping @Sendable (String) -> String?
    ) {
        self.currentDirectory = currentDirectory
        self.home = home
        self.read = read
        self.kind = kind
        self.realPath = realPath
    }
}

extension FileAccess {
    /// Whether a path leads to something that can be read.
    func isReadable(_ path: String) -> Bool {
        kind(path).map { $0 != .directory } ?? false
    }

    /// An absolute path of the command line's.
    func absolute(_ path: String) -> String {
        HostPath.absolute(path, from: currentDirectory)
    }

    /// How messages name a file: from the current directory where it lies below it.
    func shown(_ path: String) -> String {
        let prefix = currentDirectory.hasSuffix("/") ? currentDirectory : currentDirectory + "/"
        return path.hasPrefix(prefix) ? String(path.dropFirst(prefix.count)) : path
    }

    /// A path with the home directory in the place of `~`.
    func expandingHome(_ path: String) -> String {
        guard path.hasPrefix("~"), let home else { return path }
        return HostPath.join(home, String(path.dropFirst()))
    }

    /// An absolute path with the first symbolic link in it followed.
    func followingLink(in path: String) -> String {
        var prefix = ""
        for part in path.split(separator: "/") {
            prefix += "/" + part
            guard let real = realPath(prefix) else { return path }
            if real != prefix { return real + path.dropFirst(prefix.count) }
        }
        return path
    }
}
