import Dockerfile
import ImageStore
import Linux
import OCI
import Synchronization
import SystemPackage

/// The resources that one build holds from its start to its end.
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
        hold = try BuildError.during(store: store.hold())
        workspace = try BuildError.during(
            Workspace(in: work) { StepLeftovers(networks: networks).remove($0) }
        )
        cancellation = try BuildError.during(Cancellation())
        try BuildError.during(Self.raiseOpenFileLimit())
        self.networks = networks
        steps = try StepCache(directory: BuildCache.steps(in: cache))
        let directory = cache.appending("digests")
        digestDirectory = directory
        try BuildError.during(FileSystem.makeDirectories(directory, mode: 0o700))
        let now = WallClock.now()
        time = Timestamp(seconds: now.seconds, nanoseconds: now.nanoseconds)
        snapshots = DigestCache(file: directory.appending("snapshots"), now: Self.duration(now))
    }

    /// Walking a stack keeps a directory of each layer open, in several threads.
    private static func raiseOpenFileLimit() throws(SystemCallError) {
        let (soft, hard) = try ResourceLimit.nofile.get()
        let wanted = min(hard, 65_536)
        if soft < wanted { try ResourceLimit.nofile.set(soft: wanted, hard: hard) }
    }

    private static func duration(_ time: (seconds: Int64, nanoseconds: Int32)) -> Duration {
        .seconds(time.seconds) + .nanoseconds(Int64(time.nanoseconds))
    }

    /// Opens a directory of sources, with the digests of its files that earlier builds kept.
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

    /// Makes a directory that is removed at the end of the build.
    func makeDirectory() throws(SystemCallError) -> FilePath { try workspace.makeStepDirectory() }

    func executor(
        store: ImageStore,
        environment: StepEnvironment,
        report: @escaping BuildProgress
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

    /// Saves the digests of files and removes the working directory.
    func close() async throws(BuildError) {
        try await onThread { () throws(BuildError) in
            self.workspace.remove()
            StepNetwork.removeBridge(in: self.networks)
            for digests in self.contexts.withLock({ $0 }) + [self.snapshots] {
                try BuildError.during(digests.save())
            }
        }
    }
}
