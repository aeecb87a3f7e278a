import ContainerRuntime
import Linux
import SystemPackage

/// The hidden command that a supervisor is started with: `supervise PROJECT DATA RUN`.
///
/// A program of one thread, not of the asynchronous world: it clones itself into containers and
/// visits their namespaces.
public enum SuperviseCommand {
    /// Where the starter is told that it listens.
    private static let readinessDescriptor: Int32 = 3

    /// Starts over from a file that no image can write, then runs until no container is left to
    /// watch; `arguments` are those after the name. Returns the exit status.
    public static func run(_ arguments: [String]) -> Int32 {
        guard arguments.count == 3 else {
            StandardStream.error.write(Array("supervise is for swiftcompose's own use\n".utf8))
            return 1
        }
        let paths = DataPaths(data: FilePath(arguments[1]), run: FilePath(arguments[2]))
        let starter = Starter()
        do {
            try ProtectedExecutable.ensure(CommandLine.arguments)
            try supervise(arguments[0], paths, starter)
            return 0
        } catch {
            starter.tell("\(error)")
            SupervisorLog.write("\(error)")
            return 1
        }
    }

    private static func supervise(
        _ project: String,
        _ paths: DataPaths,
        _ starter: Starter
    ) throws {
        let files = paths.project(project)
        try FileSystem.makeDirectories(files.run, mode: 0o700)
        try FileSystem.makeDirectories(files.data, mode: 0o700)
        // Held by another one that is just ending, because who listens is not started again.
        let lock = try FileLock(waitingFor: files.supervisorLock)
        defer { release(lock) }
        let limits = try OpenFileLimit.raise()
        let supervisor = try Supervisor(project: project, paths: paths, openFiles: limits)
        starter.tell(SupervisorProgram.readyMessage)
        try supervisor.run()
    }

    private static func release(_ lock: borrowing FileLock) {}

    /// Whoever started this supervisor and waits for a word from it.
    private final class Starter {
        private var pipe: Descriptor? = Descriptor(owning: SuperviseCommand.readinessDescriptor)

        /// Says one word, and no more.
        func tell(_ word: String) {
            guard let pipe = pipe.take() else { return }
            // Whoever went away meanwhile needs no answer.
            try? pipe.write(Array(word.utf8))
        }
    }
}
