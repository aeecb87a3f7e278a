public import ImageStore
import Linux
import OCI
public import SystemPackage

/// The build cache of a data directory: the results of steps, and the caches of `RUN --mount`.
public struct BuildCache: Sendable {
    private let store: ImageStore
    private let directory: FilePath

    /// The cache of the builders for `store` in the directory `data`.
    public init(store: ImageStore, data: FilePath) {
        self.store = store
        directory = Self.directory(in: data)
    }

    static func directory(in data: FilePath) -> FilePath { data.appending("cache") }
    static func steps(in cache: FilePath) -> FilePath { cache.appending("steps") }
    static func mounts(in cache: FilePath) -> FilePath { cache.appending("mounts") }

    /// The layers that the records of steps refer to, which garbage collection keeps.
    public func stacks() throws(BuildError) -> Set<ChainID> { try steps.stacks }

    private var steps: StepCache {
        get throws(BuildError) { try StepCache(directory: Self.steps(in: directory)) }
    }

    /// Removes the records of steps beyond `limit` and returns their number.
    ///
    /// The layers are removed by the next garbage collection of the store.
    @discardableResult
    public func removeSteps(beyond limit: CacheLimit) throws(BuildError) -> Int {
        let steps = try steps
        let images = try BuildError.during(store: store.images())
        let tagged = images.filter { $0.reference != nil }
        let now = WallClock.now()
        let surplus = limit.surplus(
            of: steps.entries,
            layers: layers,
            images: limit.keepsLayersOfImages ? Set(tagged.flatMap(\.image.chain)) : [],
            now: .seconds(now.seconds) + .nanoseconds(Int64(now.nanoseconds))
        )
        for key in surplus { try BuildError.during(steps.remove(key)) }
        return surplus.count
    }

    /// Removes the caches of `RUN --mount=type=cache` and returns the space they used, in
    /// bytes.
    ///
    /// No build may be in progress.
    public func removeMounts() throws(BuildError) -> Int64 {
        try BuildError.during(removeMountDirectories())
    }

    private func removeMountDirectories() throws(SystemCallError) -> Int64 {
        let mounts = Self.mounts(in: directory)
        guard FileSystem.exists(mounts) else { return 0 }
        let bytes = try FileSystem.diskUsage(of: mounts)
        for name in try FileSystem.entries(of: mounts) {
            try FileSystem.removeTree(mounts.appending(name))
        }
        return bytes
    }

    /// The layers of a stack, topmost first; empty if one is missing.
    private func layers(of chain: ChainID) -> [Layer] {
        var layers: [Layer] = []
        var next: ChainID? = chain
        while let chain = next {
            // A stack that cannot be read cannot be used by a build either.
            guard let layer = try? store.layer(chain) else { return [] }
            layers.append(layer)
            next = layer.parent
        }
        return layers
    }
}
