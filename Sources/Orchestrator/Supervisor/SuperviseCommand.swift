import ContainerRuntime
import Linux
import SystemPackage

/// The hidden command that runs a supervisor: `supervise PROJECT DATA RUN`.
///
/// It is synchronous and single-threaded, because it clones itself into containers and enters their
/// namespaces.
public enum SuperviseCommand {
    /// The descriptor on which readiness is reported: a pipe of the starting command, or the
    /// starting lock inherited from a keeper, which is released when the descriptor is closed.
    private static let readinessDescriptor: Int32 = 3

    /// Executes itself again from a file that no image can write to, then runs until no container is
    /// left to supervise; `arguments` are those after the name. Returns the exit status.
    public static func run(_ arguments: [String]) -> Int32 {
        guard arguments.count == 3 else {
            StandardStream.error.write(
                Array("supervise is an internal command of swiftcompose\n".utf8)
            )
            return 1
        }
        let paths = DataPaths(data: FilePath(arguments[1]), run: FilePath(arguments[2]))
        let starter = Starter()
        do {
            try ProtectedExecutable.ensure(CommandLine.arguments)
            try supervise(arguments[0], paths, starter)
            return 0
        } catch {
            starter.report("\(error)")
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
        // Only a supervisor that is exiting may still hold it: while one listens, no other is
        // started.
        try FileLock(waitingFor: files.supervisorLock, creatingDirectories: 0o700).whileHeld {
            try FileSystem.makeDirectories(files.data, mode: 0o700)
            try raiseOpenFileLimit()
            let supervisor = try Supervisor(project: project, paths: paths)
            starter.report(SupervisorProgram.readyMessage)
            try supervisor.run()
            try removeDirectories(of: project, paths)
        }
    }

    /// Removes the directories of a project without containers.
    ///
    /// A command that only reads may have started this supervisor after the last change; a command
    /// that is changing the project removes them itself.
    private static func removeDirectories(of project: String, _ paths: DataPaths) throws {
        let files = paths.project(project)
        guard FileSystem.exists(files.run), let lock = try FileLock.tryTaking(files.changeLock)
        else { return }
        try lock.whileHeld { try ContainerStore(paths).forget(project) }
    }

    /// Raises this process's limit on open files as far as allowed; a container takes about a dozen.
    private static func raiseOpenFileLimit() throws(SystemCallError) {
        let limits = try ResourceLimit.nofile.get()
        try ResourceLimit.nofile.set(soft: limits.hard, hard: limits.hard)
    }

    /// The process that started this supervisor and waits for its message.
    private final class Starter {
        private var pipe: Descriptor? = Descriptor(owning: SuperviseCommand.readinessDescriptor)

        /// Sends the one message; later ones are ignored.
        func report(_ message: String) {
            guard let pipe = pipe.take() else { return }
            // A starter that has exited needs no message.
            try? pipe.write(Array(message.utf8))
        }
    }
}
