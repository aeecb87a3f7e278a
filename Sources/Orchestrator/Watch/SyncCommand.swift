import FoundationEssentials
import Linux
public import SystemPackage

/// The hidden command that copies changed files into a container: `sync-files PROJECT ID DATA RUN`.
///
/// A single-threaded program, so that it can mount a stopped container's files in a mount namespace
/// of its own. Reads the list of files to copy from its standard input.
public enum SyncCommand {
    /// The command's name.
    static let name = "sync-files"

    /// Returns the exit status; `arguments` are those after the name.
    public static func run(_ arguments: [String]) -> Int32 {
        guard arguments.count == 4 else {
            StandardStream.error.write("\(name) is for internal use".utf8)
            return 1
        }
        do {
            try copy(arguments)
            return 0
        } catch {
            StandardStream.error.write("\(error)".utf8)
            return 1
        }
    }

    private static func copy(_ arguments: [String]) throws {
        let paths = DataPaths(data: FilePath(arguments[2]), run: FilePath(arguments[3]))
        let input = try Descriptor.duplicating(0).readToEnd()
        let copies = try JSONDecoder().decode([WatchBatch.Copy].self, from: Data(input))
        let store = ContainerStore(paths)
        // The container may have been removed since.
        guard let container = try store.container(arguments[1], of: arguments[0]) else { return }
        try FileSync(paths: paths).apply(copies, in: container)
    }

    /// Copies files in a child process that runs `executable`.
    public static func start(
        _ copies: [WatchBatch.Copy],
        in container: ExistingContainer,
        _ paths: DataPaths,
        executable: FilePath
    ) async throws {
        let record = container.record
        let order = try JSONEncoder().encode(copies)
        let failure = try await BackgroundThread.run {
            let input = try Descriptor.openUnnamed(in: "/tmp")
            try input.write(Array(order))
            try input.rewind()
            let errors = try Pipe()
            let process = try ChildProgram.start(
                executable,
                arguments: [
                    name, record.project, record.id, paths.data.string, paths.run.string,
                ],
                environment: [],
                input: input,
                output: try Descriptor.open("/dev/null", .writing),
                error: errors.writeEnd
            )
            let message = try errors.takeReadEnd().readToEnd()
            let status = try process.wait()
            return status == .exited(0) ? nil : String(decoding: message, as: UTF8.self)
        }
        guard let failure else { return }
        throw OrchestratorError.notSynchronised(container: record.name, reason: failure)
    }
}
