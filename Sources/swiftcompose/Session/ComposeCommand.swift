import ArgumentParser

/// A command that works on a project or on the local images and may wait for several things at once.
protocol ComposeCommand: ParsableCommand, Sendable {
    /// Runs the command and returns its exit status.
    func run(in session: Session) async throws -> Int32
}

/// A command that runs on the main thread: it enters a container, or needs no other thread.
protocol SynchronousCommand: ParsableCommand {
    /// Runs the command and returns its exit status.
    func run(in session: Session) throws -> Int32
}
