import Archive
import ContainerRuntime
import Linux
import SystemPackage

/// The files of a container, running or not, or of this machine.
///
/// Every path is looked up inside the tree's root; no link leads out, no magic link is followed.
struct FileTree: ~Copyable {
    /// What the caller wants to do.
    enum Purpose {
        case reading
        case writing
        /// Reading what belongs to the container alone, without volumes and other mounts.
        case readingOwnFiles
    }

    /// Nil for this machine's own files.
    let container: String?
    let root: ConfinedDirectory
    /// Keeps a stopped container from being started while we write.
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

    /// This machine's own files.
    static func host() throws(CopyError) -> FileTree {
        FileTree(
            try CopyError.wrappingSystem({ () throws(SystemCallError) in
                ConfinedDirectory(try .open("/", [.pathOnly, .directory]))
            }),
            of: nil
        )
    }

    /// A container's files; the caller has one thread, and uses absolute paths only from now on.
    static func of(
        _ container: ExistingContainer,
        in paths: DataPaths,
        for purpose: Purpose
    ) throws(CopyError) -> FileTree {
        let name = container.record.name
        if let process = try process(of: container) {
            let root = try CopyError.wrappingRuntime({ () throws(RuntimeError) in
                try purpose == .readingOwnFiles
                    ? ContainerRoot.withoutMounts(of: process) : ContainerRoot.seen(by: process)
            })
            return FileTree(root, of: name)
        }
        let files = paths.project(container.record.project)
        let lock = purpose == .writing ? try lock(files) : nil
        let root = try CopyError.wrappingRuntime({ () throws(RuntimeError) in
            try ContainerRoot.mounted(
                Bundle(reading: files.container(container.id).directory),
                isWritable: purpose == .writing,
                withMounts: purpose != .readingOwnFiles
            )
        })
        return FileTree(root, of: name, lock)
    }

    private static func process(
        of container: ExistingContainer
    ) throws(CopyError) -> ProcessHandle? {
        guard let pid = container.state.pid, let start = container.state.processStart else {
            return nil
        }
        return try CopyError.wrappingSystem({ () throws(SystemCallError) in
            try ProcessHandle.reopening(pid: pid, startTime: start)
        })
    }

    private static func lock(_ files: ProjectPaths) throws(CopyError) -> FileLock {
        try CopyError.wrappingSystem({ () throws(SystemCallError) in
            try FileSystem.makeDirectories(files.run, mode: 0o700)
            return try FileLock(waitingFor: files.changeLock)
        })
    }

    /// What is at `path`, links in its directories followed but not the last one; nil for nothing.
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

    /// Opens the directory at `path` for reading, links followed.
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

    /// Follows links at the end of a path, also to where there is nothing.
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

    /// Where the link at `path` leads, seen from the root; nil when it is no link.
    private borrowing func target(ofLink path: FilePath) throws(CopyError) -> FilePath? {
        guard try status(of: path)?.kind == .symbolicLink, let name = path.lastComponent else {
            return nil
        }
        let parent = path.removingLastComponent()
        let directory = try directory(parent)
        let target = try CopyError.wrappingSystem({ () throws(SystemCallError) in
            try directory.readLink(entry: name)
        })
        return FilePath(root: "/", parent.pushing(target).components).lexicallyNormalized()
    }

    /// What is said when nothing is at `path`.
    borrowing func missing(_ path: FilePath) -> CopyError {
        if let container { return .notFound(path.string, container: container) }
        return .system(
            SystemCallError(call: "open", subject: path.string, reason: .noSuchFileOrDirectory)
        )
    }

    /// Unpacks an archive; messages say that it goes to `place`.
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
