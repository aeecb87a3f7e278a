public import SystemPackage

/// A path of a copy as it was typed: how it ends says what is meant.
///
/// Source: docker container cp, "SRC_PATH does end with `/.`".
public struct CopyPath: Sendable, Equatable {
    /// Absolute, without `.` and `..`.
    public var path: FilePath
    /// It ended in `/` or `/.` and so names a directory, also behind a link.
    public var assertsDirectory: Bool
    /// It ended in `.`: what is in the directory, not the directory itself.
    public var meansContents: Bool

    /// Reads `text`, relative to `directory`.
    public init(_ text: String, below directory: FilePath = "/") {
        path = FilePath(root: "/", directory.pushing(FilePath(text)).components)
            .lexicallyNormalized()
        meansContents = text == "." || text.hasSuffix("/.")
        assertsDirectory = meansContents || text.hasSuffix("/")
    }

    /// What the thing is called in the directory it lies in; nil for contents, and for the root.
    var name: FilePath.Component? { meansContents ? nil : path.lastComponent }

    /// The same with the end that was typed but another place, where a link leads.
    func moved(to place: FilePath) -> CopyPath {
        var moved = self
        moved.path = place
        return moved
    }
}

/// Where a copy goes and what it is called there: a pure decision.
struct CopyPlan: Equatable {
    /// What there is at the destination, behind links.
    enum Found {
        case nothing
        case directory
        case other
    }

    /// The directory that the copy goes into; it must exist.
    var directory: FilePath
    /// The copy's name; nil for contents that go into the directory as they are.
    var name: FilePath.Component?

    /// Follows the rules of docker cp; `source` is called `name`, or nil when contents are meant.
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
