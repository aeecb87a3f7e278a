public import SystemPackage

/// A source or destination path as typed; its ending is significant.
///
/// Source: docker container cp, "SRC_PATH does end with `/.`".
public struct CopyPath: Sendable, Equatable {
    /// Absolute, without `.` and `..`.
    public var path: FilePath
    /// It ended in `/` or `/.`, so it must be a directory or a link to one.
    public var assertsDirectory: Bool
    /// It ended in `.`: the content of the directory rather than the directory itself.
    public var meansContents: Bool

    /// Reads `text`, relative to `directory`.
    public init(_ text: String, below directory: FilePath = "/") {
        path = FilePath(root: "/", directory.pushing(FilePath(text)).components)
            .lexicallyNormalized()
        meansContents = text == "." || text.hasSuffix("/.")
        assertsDirectory = meansContents || text.hasSuffix("/")
    }

    /// The last component; nil for the content of a directory and for the root.
    var name: FilePath.Component? { meansContents ? nil : path.lastComponent }

    /// The same path as typed, with its link resolved to `place`.
    func moved(to place: FilePath) -> CopyPath {
        var moved = self
        moved.path = place
        return moved
    }
}

/// The directory and name of a copy: a pure decision.
struct CopyPlan: Equatable {
    /// The kind of file at the destination, after following links.
    enum Found {
        case nothing
        case directory
        case other
    }

    /// The directory that the copy goes into; it must exist.
    var directory: FilePath
    /// The name of the copy; nil to copy the content of a directory into the directory.
    var name: FilePath.Component?

    /// Applies the rules of docker cp to a source called `name`, nil for the content of a directory.
    init(
        _ name: FilePath.Component?,
        isDirectory: Bool,
        to destination: CopyPath,
        _ found: Found
    ) throws(CopyError) {
        switch found {
        case .directory: self.init(directory: destination.path, name: name)
        case .other where destination.assertsDirectory:
            throw .notADirectory(destination.path.string)
        case .other where isDirectory:
            throw .directoryOverFile(destination.path.string)
        case .nothing where !isDirectory && destination.assertsDirectory:
            throw .noSuchDirectory(destination.path.string)
        case .nothing, .other:
            self.init(
                directory: destination.path.removingLastComponent(),
                name: destination.path.lastComponent
            )
        }
    }

    private init(directory: FilePath, name: FilePath.Component?) {
        self.directory = directory
        self.name = name
    }
}
