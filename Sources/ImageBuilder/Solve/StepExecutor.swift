import ImageStore
import Linux
import OCI
import SystemPackage

/// Performs a step or takes its result from the cache. Blocks its thread.
struct StepExecutor: Sendable {
    enum Outcome: Sendable {
        case cached(StepResult)
        case made(StepResult)
    }

    /// The results that a step starts from.
    struct Inputs {
        var parent: StepResult
        var sources: [StepResult]
    }

    let store: ImageStore
    let cache: StepCache
    let workspace: Workspace
    /// Digests of files in the store's snapshots.
    let digests: DigestCache
    let cancellation: Cancellation
    let environment: StepEnvironment
    let report: BuildProgress

    /// Executes the step of `vertex` with the results of its inputs, in their order.
    func execute(_ vertex: Vertex, _ results: [StepResult]) throws(BuildError) -> Outcome {
        if case .image(let image) = vertex.operation {
            _ = try BuildError.during(store: store.lowerDirectories(of: image.layers))
            return .cached(StepResult(layers: image.layers))
        }
        try cancellation.check()
        let hasParent = vertex.parent != nil
        let parent = hasParent ? results[0] : StepResult()
        let sources = Array(results.dropFirst(hasParent ? 1 : 0))
        let step = try prepare(vertex, Inputs(parent: parent, sources: sources))
        func result(_ layers: [Layer]) -> StepResult {
            StepResult(layers: layers, command: step.command)
        }
        if let quick = step.quickKey, let found = try find(quick, over: parent, vertex) {
            return .cached(result(found))
        }
        let key = try BuildError.during(step.key())
        if let found = try find(key, over: parent, vertex) {
            try keep(record(of: found, over: parent), step.quickKey)
            return .cached(result(found))
        }
        guard let lock = try lock(key) else { throw BuildError(.cancelled) }
        defer { unlock(key, lock) }
        // Another build may have run the step while this one waited for the lock.
        if let found = try find(key, over: parent, vertex) { return .cached(result(found)) }
        try cancellation.check()
        let made = try perform(step, over: parent)
        let record = record(of: made, over: parent)
        try keep(record, key)
        try keep(record, step.quickKey)
        return .made(result(made))
    }

    func prepare(_ vertex: Vertex, _ inputs: Inputs) throws(BuildError) -> PreparedStep {
        let parent = inputs.parent
        var definition = ContentDigest()
        definition.add("step 2")
        definition.add(parent.identity)
        definition.add(parent.command.map { "\($0)" } ?? "no command")
        vertex.operation.describe(in: &definition)
        switch vertex.operation {
        case .image: preconditionFailure("an image is not performed")
        case .workingDirectory(let step):
            let tree = try tree(of: parent)
            let key = definition.digest
            return PreparedStep(
                command: parent.command,
                key: { () throws(SystemCallError) in key },
                perform: { directory throws(BuildError) in
                    try DirectoryJob(step: step, base: tree).perform(in: directory)
                }
            )
        case .transfer(let step):
            return try prepareTransfer(step, definition, vertex, inputs)
        case .run(let step):
            return try prepareRun(step, definition, vertex, inputs)
        }
    }

    func tree(of result: StepResult) throws(BuildError) -> LayeredTree {
        let directories = try BuildError.during(store: store.lowerDirectories(of: result.layers))
        return try BuildError.during(LayeredTree(directories))
    }

    /// Performs the step in a directory of its own and commits the result as a layer.
    private func perform(
        _ step: PreparedStep,
        over parent: StepResult
    ) throws(BuildError) -> [Layer] {
        let directory = try BuildError.during(workspace.makeStepDirectory())
        // The workspace is removed as a whole at the end of the build.
        defer { try? FileSystem.removeTree(directory) }
        guard let upper = try step.perform(directory) else { return parent.layers }
        try cancellation.check()
        let layer = try BuildError.during(store: store.commit(upper: upper, over: parent.chain))
        return parent.layers + [layer]
    }

    private func find(
        _ key: OCI.Digest,
        over parent: StepResult,
        _ vertex: Vertex
    ) throws(BuildError) -> [Layer]? {
        vertex.ignoresCache ? nil : try cached(key, over: parent)
    }

    /// The layers of the record of `key`; nil if there is none that fits `parent`.
    func cached(
        _ key: OCI.Digest,
        over parent: StepResult
    ) throws(BuildError) -> [Layer]? {
        switch cache.record(key) {
        case nil: return nil
        case .nothing:
            markUsed(key)
            return parent.layers
        case .layer(let chain):
            let layer = try BuildError.during(store: store.layer(chain))
            guard let layer, layer.parent == parent.chain else { return nil }
            markUsed(key)
            return parent.layers + [layer]
        }
    }

    private func markUsed(_ key: OCI.Digest) {
        // At worst the record is removed earlier than others.
        try? cache.markUsed(key)
    }

    private func record(of layers: [Layer], over parent: StepResult) -> StepCache.Record {
        guard let layer = layers.last, layers.count > parent.layers.count else {
            return .nothing
        }
        return .layer(layer.chainID)
    }

    private func keep(_ record: StepCache.Record, _ key: OCI.Digest?) throws(BuildError) {
        guard let key else { return }
        try BuildError.during(cache.keep(record, for: key))
    }

    /// Waits until no other build runs the step of `key`; nil if this build is cancelled first.
    private func lock(_ key: OCI.Digest) throws(BuildError) -> FileLock? {
        let path = cache.lockPath(of: key)
        return try BuildError.during { () throws(SystemCallError) -> FileLock? in
            try FileSystem.makeDirectories(path.removingLastComponent(), mode: 0o700)
            if let lock = try FileLock.tryTaking(path) { return lock }
            let pending = try PendingFileLock(path)
            _ = try Readiness.wait(for: [cancellation.descriptor, pending.descriptor])
            return cancellation.isCancelled ? nil : try pending.take()
        }
    }

    private func unlock(_ key: OCI.Digest, _ lock: borrowing FileLock) {
        // The lock is still held, so no other build holds the file that is removed.
        try? FileSystem.removeFile(cache.lockPath(of: key))
    }
}
