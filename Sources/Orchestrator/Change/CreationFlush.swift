import Linux
import SystemPackage

/// Makes the new containers of a plan durable with a single syncfs(2).
///
/// It begins after the last creation and overlaps with the start of the containers, so that it
/// costs hardly any time; an fsync(2) of each file would take several milliseconds per file.
actor CreationFlush {
    private let directory: FilePath
    private var remaining: Int
    private var isNeeded = false
    private var flush: Task<Void, any Error>?

    init(after plan: Plan, holding directory: FilePath) {
        self.directory = directory
        remaining = plan.operations.count { operation in
            if case .createContainer = operation.action { true } else { false }
        }
    }

    /// Records that a container has been created.
    func created() {
        remaining -= 1
        isNeeded = true
        if remaining == 0 { begin() }
    }

    /// Waits until every container created is on disk, even if the plan failed before the last.
    func finish() async throws {
        if isNeeded, flush == nil { begin() }
        try await flush?.value
    }

    private func begin() {
        let directory = directory
        // Awaited in `finish`.
        flush = Task {
            try await BackgroundThread.run { try FileSystem.synchronizeAll(holding: directory) }
        }
    }
}
