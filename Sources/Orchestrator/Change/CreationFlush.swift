import Linux
import SystemPackage

/// Makes new containers last through a power cut, all of a plan with one system call.
///
/// It begins with the last creation and goes on while the containers start, so that it costs
/// hardly any time; an fsync(2) of every file would take several milliseconds for each.
actor CreationFlush {
    private let directory: FilePath
    private var left: Int
    private var isDue = false
    private var underWay: Task<Void, any Error>?

    init(after plan: Plan, holding directory: FilePath) {
        self.directory = directory
        left = plan.operations.count { operation in
            if case .createContainer = operation.action { true } else { false }
        }
    }

    /// One more container has been made.
    func created() {
        left -= 1
        isDue = true
        if left == 0 { begin() }
    }

    /// Waits until everything made is on disk, also where a plan ended early.
    func finish() async throws {
        if isDue, underWay == nil { begin() }
        try await underWay?.value
    }

    private func begin() {
        let directory = directory
        underWay = Task {
            try await BackgroundThread.run { try FileSystem.synchronizeAll(holding: directory) }
        }
    }
}
