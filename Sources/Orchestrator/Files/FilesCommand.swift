import Archive
import ImageBuilder
import ImageStore
import Linux
import OCI
import SystemPackage

/// The hidden command that works on the files of one container: `container-files PROJECT ID DATA
/// RUN TASK`.
///
/// A single-threaded program, so that it can enter mount namespaces and fork. It reports an error as
/// JSON on standard error.
public enum FilesCommand {
    /// The command's name.
    static let name = "container-files"

    /// Returns the exit status; `arguments` are those after the name.
    public static func run(_ arguments: [String]) -> Int32 {
        guard arguments.count == 5 else {
            StandardStream.error.write("\(name) is for internal use".utf8)
            return 1
        }
        do {
            let paths = DataPaths(data: FilePath(arguments[2]), run: FilePath(arguments[3]))
            let task = try JSONLine.decode(FilesTask.self, from: Array(arguments[4].utf8))
            let store = ContainerStore(paths)
            guard let container = try store.container(arguments[1], of: arguments[0]) else {
                throw FilesFailure(
                    kind: .notFound,
                    message: "No such container: \(arguments[1])"
                )
            }
            try run(task, on: container, paths)
            return 0
        } catch {
            let failure = error as? FilesFailure ?? FilesFailure(error)
            // A caller that cannot read it finds the exit status.
            StandardStream.error.write((try? JSONLine.encode(failure)) ?? [])
            return 1
        }
    }

    private static func run(
        _ task: FilesTask,
        on container: ExistingContainer,
        _ paths: DataPaths
    ) throws {
        switch task {
        case .read(let path, let statusOnly):
            try FileCopy(paths).read(CopyPath(path), from: container, to: 1) { status in
                try Descriptor.write(JSONLine.encode(status), to: 1)
                return !statusOnly
            }
        case .write(let path, let rules):
            let archive = ByteSource(borrowing: 0, name: "archive")
            try FileCopy(paths).copy(archive: archive, to: CopyPath(path), in: container, rules)
        case .export: try ContainerExport(paths).write(container, to: 1)
        case .commit(let order): try commit(container, order, paths)
        }
    }

    private static func commit(
        _ container: ExistingContainer,
        _ order: CommitOrder,
        _ paths: DataPaths
    ) throws {
        let commit = ContainerCommit(
            try Host(paths),
            author: order.author,
            comment: order.comment,
            pauses: order.pauses
        )
        let reference = try order.reference.map { try ImageReference($0) }
        let image = try commit.commit(container, as: reference) { config in
            config.adopt(order.settings)
            for change in order.changes { try config.apply(change) }
        }
        try Descriptor.write(Array("\(image.id)".utf8), to: 1)
    }
}

extension ImageConfiguration.Config {
    /// Replaces the settings that `other` has, and adds its variables, ports, volumes and labels.
    ///
    /// Source: Engine API, `ImageCommit`.
    mutating func adopt(_ other: Self) {
        if !other.user.isEmpty { user = other.user }
        if !other.workingDir.isEmpty { workingDir = other.workingDir }
        if let given = other.entrypoint, !given.isEmpty { (entrypoint, cmd) = (given, other.cmd) }
        if let given = other.cmd, !given.isEmpty { cmd = given }
        let names = Set(other.env.map { $0.prefix { $0 != "=" } })
        env = env.filter { !names.contains($0.prefix { $0 != "=" }) } + other.env
        exposedPorts = Set(exposedPorts + other.exposedPorts).sorted()
        volumes = Set(volumes + other.volumes).sorted()
        labels.merge(other.labels) { $1 }
        onBuild += other.onBuild
        stopSignal = other.stopSignal ?? stopSignal
        healthcheck = other.healthcheck ?? healthcheck
        shell = other.shell ?? shell
    }
}
