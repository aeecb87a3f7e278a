import Crypto
import Dockerfile
import ImageStore
import Linux
import OCI
import Synchronization
import SystemPackage

/// What one build holds from its start to its end.
final class BuildSession: Sendable {
    let cancellation: Cancellation
    let time: Timestamp
    private let hold: ImageStore.Hold
    private let workspace: Workspace
    private let steps: StepCache
    private let digestDirectory: FilePath
    private let networks: FilePath
    private let snapshots: DigestCache
    private let contexts = Mutex<[DigestCache]>([])

    init(
        store: ImageStore,
        cache: FilePath,
        work: FilePath,
        networks: FilePath
    ) throws(BuildError) {
        hold = try inStore { () throws(ImageStoreError) in try store.hold() }
        (cancellation, workspace) = try wrapping { () throws(SystemCallError) in
            let workspace = try Workspace(in: work) { steps in
                StepLeftovers(networks: networks).remove(steps)
            }
            return (try Cancellation(), workspace)
        }
        try wrapping { () throws(SystemCallError) in
            // Walking a stack keeps each layer's folders open, in several threads.
            let (soft, hard) = try ResourceLimit.nofile.get()
            let wanted = min(hard, 65_536)
            if soft < wanted { try ResourceLimit.nofile.set(soft: wanted, hard: hard) }
        }
        self.networks = networks
        steps = try StepCache(directory: cache.appending("steps"))
        digestDirectory = cache.appending("digests")
        let directory = digestDirectory
        try wrapping { () throws(SystemCallError) in
            try FileSystem.makeDirectories(directory, mode: 0o700)
        }
        let now = WallClock.now()
        time = Timestamp(seconds: now.seconds, nanoseconds: now.nanoseconds)
        snapshots = DigestCache(file: directory.appending("snapshots"), now: Self.duration(now))
    }

    private static func duration(_ time: (seconds: Int64, nanoseconds: Int32)) -> Duration {
        .seconds(time.seconds) + .nanoseconds(Int64(time.nanoseconds))
    }

    /// A directory of sources, with what is known of its files from earlier builds.
    func context(
        _ path: FilePath,
        ignoring ignored: IgnorePatterns
    ) throws(BuildError) -> BuildContext {
        var name = ContentDigest()
        name.add(path.string)
        let digests = DigestCache(
            file: digestDirectory.appending(name.digest.hex),
            now: Self.duration(WallClock.now())
        )
        contexts.withLock { $0.append(digests) }
        return try BuildContext(path: path, ignoring: ignored, digests: digests)
    }

    /// A directory that goes when the build is over.
    func makeDirectory() throws(SystemCallError) -> FilePath { try workspace.makeStepDirectory() }

    func executor(
        store: ImageStore,
        environment: StepEnvironment,
        report: @escaping @Sendable (BuildEvent) -> Void
    ) -> StepExecutor {
        StepExecutor(
            store: store,
            cache: steps,
            workspace: workspace,
            digests: snapshots,
            cancellation: cancellation,
            environment: environment,
            report: report
        )
    }

    /// Keeps what was learned of files and removes the work directory.
    func close() async throws(BuildError) {
        try await onThread { () throws(BuildError) in
            self.workspace.remove()
            StepNetwork.removeBridge(in: self.networks)
            let all = self.contexts.withLock { $0 } + [self.snapshots]
            try wrapping { () throws(SystemCallError) in
                for digests in all { try digests.save() }
            }
        }
    }
}
