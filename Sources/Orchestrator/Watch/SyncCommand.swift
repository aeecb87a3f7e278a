import FoundationEssentials
import Linux
public import SystemPackage

/// The hidden command that copies changed files into a container: `sync-files PROJECT ID DATA RUN`.
///
/// A program of one thread, since it may mount a stopped container's files in a namespace of its
/// own. It reads what to copy from its standard input.
public enum SyncCommand {
    /// The command's name.
    static let name = "sync-files"

    /// Returns the exit status; `arguments` are those after the name.
    public static func run(_ arguments: [String]) -> Int32 {
        guard arguments.count == 4 else {
            StandardStream.error.write("\(name) is for swiftcompose's own use".utf8)
            return 1
        }
        do {
            try carryOut(arguments)
            return 0
        } catch {
            StandardStream.error.write("\(error)".utf8)
            return 1
        }
    }

    private static func carryOut(_ arguments: [String]) throws {
        let paths = DataPaths(data: FilePath(arguments[2]), run: FilePath(arguments[3]))
        let input = try Descriptor.duplicating(0).readToEnd()
        let copies = try JSONDecoder().decode([WatchBatch.Copy].self, from: Data(input))
        let store = ContainerStore(paths)
        // One that has been removed meanwhile needs nothing.
        guard let container = try store.container(arguments[1], of: arguments[0]) else { return }
        try FileSync(paths: paths).carryOut(copies, in: container)
    }

    /// Does it in a process of its own, started as `executable`.
    public static func start(
        _ copies: [WatchBatch.Copy],
        in container: ExistingContainer,
        _ paths: DataPaths,
        executable: FilePath
    ) async throws {
        let record = container.record
        let order = try JSONEncoder().encode(copies)
        let complaint = try await BackgroundThread.run {
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
            let told = try errors.takeReadEnd().readToEnd()
            let status = try process.wait()
            return status == .exited(0) ? nil : String(decoding: told, as: UTF8.self)
        }
        guard let complaint else { return }
        throw OrchestratorError.notSynchronised(container: record.name, reason: complaint)
    }
}
