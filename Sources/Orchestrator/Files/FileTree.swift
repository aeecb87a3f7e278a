import Archive
import ContainerRuntime
import Linux
import OCI
import SystemPackage

/// The files of a container, running or not, or of the host.
///
/// Paths are resolved within the tree's root; no link leads out, and magic links are not followed.
struct FileTree: ~Copyable {
    /// The intended access.
    enum Purpose {
        case reading
        case writing
        /// Reading the root file system alone, without volumes and other mounts.
        case readingOwnFiles
    }

    /// Nil for the host's files.
    let container: String?
    let root: ConfinedDirectory
    /// Prevents the start of a stopped container while its files are written.
    private let lock: FileLock?

    private init(
        _ root: consuming ConfinedDirectory,
        of container: String?,
        _ lock: consuming FileLock? = nil
    ) {
        self.root = root
        self.container = container
        self.lock = lock
    }

    /// The host's files.
    static func host() throws(CopyError) -> FileTree {
        FileTree(
            try CopyError.during(ConfinedDirectory(.open("/", [.pathOnly, .directory]))),
            of: nil
        )
    }

    /// A container's files. The process must be single-threaded, and relative paths are invalid
    /// afterwards.
    static func of(
        _ container: ExistingContainer,
        in paths: DataPaths,
        for purpose: Purpose
    ) throws(CopyError) -> FileTree {
        let name = container.record.name
        if let process = try process(of: container) {
            let root = try CopyError.during(
                runtime: purpose == .readingOwnFiles
                    ? ContainerRoot.withoutMounts(of: process) : ContainerRoot.seen(by: process)
            )
            return FileTree(root, of: name)
        }
        let files = paths.project(container.record.project)
        let lock = purpose == .writing ? try lock(files) : nil
        let root = try CopyError.during(
            runtime: ContainerRoot.mounted(
                Bundle(reading: files.container(container.id).directory),
                isWritable: purpose == .writing,
                withMounts: purpose != .readingOwnFiles
            )
        )
        return FileTree(root, of: name, lock)
    }

    private static func process(
        of container: ExistingContainer
    ) throws(CopyError) -> ProcessHandle? {
        guard let pid = container.state.pid, let start = container.state.processStart else {
            return nil
        }
        return try CopyError.during(ProcessHandle.reopening(pid: pid, startTime: start))
    }

    private static func lock(_ files: ProjectPaths) throws(CopyError) -> FileLock {
        try CopyError.during { () throws(SystemCallError) in
            try FileSystem.makeDirectories(files.run, mode: 0o700)
            return try FileLock(waitingFor: files.changeLock)
        }
    }

    /// The container's user as the owner of new files, if it has one; else the archive's owners.
    static func ownership(
        in container: ExistingContainer,
        _ paths: DataPaths
    ) throws(CopyError) -> ExtractionOptions.Ownership {
        let directory = paths.project(container.record.project).container(container.id).directory
        let specification = try CopyError.during(runtime: Bundle(reading: directory).specification)
        guard specification.extensions.user != nil, let user = specification.process?.user else {
            return .archive
        }
        return .fixed(userID: user.uid, groupID: user.gid)
    }

    /// The status of `path`, without following a final link; nil if it does not exist.
    borrowing func status(of path: FilePath) throws(CopyError) -> FileStatus? {
        do throws(SystemCallError) {
            return try root.open(path.string, [.pathOnly, .notFollowingLink]).status()
        } catch {
            guard [.noSuchFileOrDirectory, .notDirectory].contains(error.reason) else {
                throw .system(error)
            }
            return nil
        }
    }

    /// Opens the directory at `path` for reading, following links.
    borrowing func directory(_ path: FilePath) throws(CopyError) -> Descriptor {
        do throws(SystemCallError) {
            return try root.open(path.string, .directory)
        } catch {
            switch error.reason {
            case .noSuchFileOrDirectory: throw missing(path)
            case .notDirectory: throw .notADirectory(path.string)
            default: throw .system(error)
            }
        }
    }

    /// Follows the final link of a path repeatedly, even to a path that does not exist.
    borrowing func followingLinks(_ path: FilePath) throws(CopyError) -> FilePath {
        var place = path
        for _ in 0..<40 {
            guard let next = try target(ofLink: place) else { return place }
            place = next
        }
        throw .system(
            SystemCallError(
                call: "open",
                subject: path.string,
                reason: .tooManySymbolicLinkLevels
            )
        )
    }

    /// The absolute target of the link at `path`; nil if it is not a link.
    private borrowing func target(ofLink path: FilePath) throws(CopyError) -> FilePath? {
        guard try status(of: path)?.kind == .symbolicLink, let name = path.lastComponent else {
            return nil
        }
        let parent = path.removingLastComponent()
        let directory = try directory(parent)
        let target = try CopyError.during(directory.readLink(entry: name))
        return FilePath(root: "/", parent.pushing(target).components).lexicallyNormalized()
    }

    /// The error for a missing `path`.
    borrowing func missing(_ path: FilePath) -> CopyError {
        if let container { return .notFound(path.string, container: container) }
        return .system(
            SystemCallError(call: "open", subject: path.string, reason: .noSuchFileOrDirectory)
        )
    }

    /// Extracts an archive; errors name `place` as the destination.
    borrowing func extract(
        _ archive: ByteSource,
        _ options: ExtractionOptions,
        to place: FilePath
    ) throws(CopyError) {
        do throws(ArchiveError) {
            try TarReader(archive).extract(into: root.descriptor, called: "/", options: options)
        } catch {
            guard let container, case .system(let fault) = error.problem,
                fault.reason == .readOnlyFileSystem
            else { throw .archive(error) }
            throw .readOnly(place.string, container: container)
        }
    }
}
