/// The containers that use a volume while its content is copied or replaced.
public enum VolumeQuiet: Sendable {
    /// They go on running: the copy is as consistent as the disk after a power failure of a
    /// machine that wrote while it was read.
    case running
    /// They are paused: the copy is as consistent as the disk after a power failure.
    case frozen
    /// They are stopped and started again: the copy is as their programs leave it at their end.
    case stopped
}

extension ProjectChange {
    /// Calls `body` while those of `containers` that run are paused or stopped; they run again
    /// afterwards, also if `body` fails or is cancelled.
    func whileQuiet<Value: Sendable>(
        _ containers: [ExistingContainer],
        _ quiet: VolumeQuiet,
        _ body: () async throws -> Value
    ) async throws -> Value {
        try await whileLocked {
            switch quiet {
            case .running: return try await body()
            case .frozen:
                let frozen = containers.filter { $0.state.status == .running }
                return try await withCleanup {
                    try await request(frozen, "Pausing", "Paused") { .pause(container: $0) }
                    return try await body()
                } cleanUp: {
                    try await uncancelled {
                        try await request(frozen, "Unpausing", "Unpaused") {
                            .resume(container: $0)
                        }
                    }
                }
            case .stopped:
                return try await withCleanup {
                    try await execute(StopPlanner.stop(containers))
                    return try await body()
                } cleanUp: {
                    try await uncancelled { try await execute(StopPlanner.start(containers)) }
                }
            }
        }
    }

    /// Runs `work` to its end although the command is being interrupted.
    private func uncancelled(_ work: @escaping @Sendable () async throws -> Void) async throws {
        // Awaited here; a task of its own does not inherit the cancellation.
        try await Task { try await work() }.value
    }

    private func request(
        _ containers: [ExistingContainer],
        _ doing: String,
        _ done: String,
        _ action: (String) -> SupervisorRequest.Action
    ) async throws {
        guard !isDryRun, !containers.isEmpty else { return }
        try await withClient { client in
            for container in containers {
                let object = "Container \(container.record.name)"
                try await ProgressEvent.reporting(object, doing, done, to: progress) {
                    let current = try host.containers.container(container.id, of: project)
                    // One that has exited since needs neither.
                    guard current?.isRunning == true else { return }
                    try await client.request(action(container.id))
                }
            }
        }
    }
}
