import ArgumentParser

/// A command's need of the namespaces in which an ordinary user's containers run.
protocol ContainerCommand: ParsableCommand {
    /// Whether it works on containers, images or networks, rather than on files and arguments only.
    var usesContainers: Bool { get }
}

extension ContainerCommand {
    var usesContainers: Bool { true }
}

/// A command that works on a project or on the local images and may wait for several things at once.
protocol ComposeCommand: ContainerCommand, Sendable {
    /// Runs the command and returns its exit status.
    func run(in session: Session) async throws -> Int32
}

/// A command that runs on the main thread: it enters a container, or needs no other thread.
protocol SynchronousCommand: ContainerCommand {
    /// Runs the command and returns its exit status.
    func run(in session: Session) throws -> Int32
}
