/// Access to the file system, passed to the loader, which performs no I/O itself.
public struct FileAccess: Sendable {
    /// The kind of file at a path.
    public enum Kind: Sendable, Equatable {
        case file
        case directory
        /// A FIFO, socket or device, whose content may be readable only once.
        case stream
    }

    /// The reason why a file could not be read.
    public struct Failure: Error, Sendable, Equatable, CustomStringConvertible {
        /// The kernel's message, such as "Permission denied".
        public var reason: String

        public init(_ reason: String) {
            self.reason = reason
        }

        public var description: String { reason }
    }

    /// Reads a file; `-` means standard input.
    public var read: @Sendable (String) throws(Failure) -> [UInt8]
    /// Returns the kind of file, following symbolic links; nil if it does not exist.
    public var kind: @Sendable (String) -> Kind?
    /// Resolves symbolic links; nil if the file does not exist.
    public var realPath: @Sendable (String) -> String?
    /// The absolute directory to which relative paths of options refer.
    public var currentDirectory: String
    /// The directory that `~` stands for, if known.
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
    /// Whether a path exists and is not a directory.
    func isReadable(_ path: String) -> Bool {
        kind(path).map { $0 != .directory } ?? false
    }

    /// Resolves a path against the current directory.
    public func absolute(_ path: String) -> String {
        HostPath.absolute(path, from: currentDirectory)
    }

    /// The name of a file in messages: relative if it is below the current directory.
    func shown(_ path: String) -> String {
        let prefix = currentDirectory.hasSuffix("/") ? currentDirectory : currentDirectory + "/"
        return path.hasPrefix(prefix) ? String(path.dropFirst(prefix.count)) : path
    }

    /// Replaces a leading `~` by the home directory.
    func expandingHome(_ path: String) -> String {
        guard path.hasPrefix("~"), let home else { return path }
        return HostPath.join(home, String(path.dropFirst()))
    }

    /// Resolves the first symbolic link in an absolute path.
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
