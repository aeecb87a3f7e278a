import ImageStore
import Linux
import OCI
import SystemPackage

/// Does one step, or finds that it was done before. Blocks its thread.
struct StepExecutor: Sendable {
    enum Outcome: Sendable {
        case cached(StepResult)
        case made(StepResult)
    }

    let store: ImageStore
    let cache: StepCache
    let workspace: Workspace
    let digests: DigestCache
    let cancellation: Cancellation
    let environment: StepEnvironment
    let report: @Sendable (BuildEvent) -> Void

    /// Does the step of `vertex` on the results of its inputs: the parent's first.
    func execute(_ vertex: Vertex, _ inputs: [StepResult]) throws(BuildError) -> Outcome {
        if case .image(let image) = vertex.operation {
            let layers = image.layers
            try inStore { () throws(ImageStoreError) in _ = try store.lowerDirectories(of: layers)
            }
            return .cached(StepResult(layers: layers))
        }
        let parent = vertex.parent == nil ? StepResult() : inputs[0]
        let sources = Array(inputs.dropFirst(vertex.parent == nil ? 0 : 1))
        try cancellation.check()
        let work = try work(vertex, parent, sources)
        func result(_ layers: [Layer]) -> StepResult {
            StepResult(layers: layers, command: work.command)
        }
        if let quick = work.quickKey, let found = try find(quick, over: parent, vertex) {
            return .cached(result(found))
        }
        let key = try wrapping(work.key)
        if let found = try find(key, over: parent, vertex) {
            try keep(record(of: found, over: parent), work.quickKey)
            return .cached(result(found))
        }
        guard let lock = try lock(key) else { throw BuildError(.cancelled) }
        defer { unlock(key, lock) }
        if let found = try find(key, over: parent, vertex) { return .cached(result(found)) }
        try cancellation.check()
        let made = try make(work, over: parent)
        let record = record(of: made, over: parent)
        try keep(record, key)
        try keep(record, work.quickKey)
        return .made(result(made))
    }

    /// Runs the step in a directory of its own and commits what it leaves.
    private func make(_ work: StepWork, over parent: StepResult) throws(BuildError) -> [Layer] {
        let directory = try wrapping { () throws(SystemCallError) in
            try workspace.makeStepDirectory()
        }
        // What is left after a failure goes with the workspace.
        defer { try? FileSystem.removeTree(directory) }
        guard let upper = try work.perform(directory) else { return parent.layers }
        try cancellation.check()
        let layer = try inStore { () throws(ImageStoreError) in
            try store.commit(upper: upper, over: parent.chain)
        }
        return parent.layers + [layer]
    }

    private func find(
        _ key: OCI.Digest,
        over parent: StepResult,
        _ vertex: Vertex
    ) throws(BuildError) -> [Layer]? {
        guard !vertex.ignoresCache else { return nil }
        switch cache.record(key) {
        case nil: return nil
        case .nothing: return parent.layers
        case .layer(let chain):
            let layer = try inStore { () throws(ImageStoreError) in try store.layer(chain) }
            guard let layer, layer.parent == parent.chain else { return nil }
            return parent.layers + [layer]
        }
    }

    private func record(of layers: [Layer], over parent: StepResult) -> StepCache.Record {
        guard let layer = layers.last, layers.count > parent.layers.count else {
            return .nothing
        }
        return .layer(layer.chainID)
    }

    private func keep(_ record: StepCache.Record, _ key: OCI.Digest?) throws(BuildError) {
        guard let key else { return }
        try wrapping { () throws(SystemCallError) in try cache.keep(record, for: key) }
    }

    /// Waits until no one else runs the step of `key`; nil when the build is to end first.
    private func lock(_ key: OCI.Digest) throws(BuildError) -> FileLock? {
        let path = cache.lockPath(of: key)
        return try wrapping { () throws(SystemCallError) -> FileLock? in
            try FileSystem.makeDirectories(path.removingLastComponent(), mode: 0o700)
            if let lock = try FileLock.tryTaking(path) { return lock }
            let pending = try PendingFileLock(path)
            _ = try Readiness.wait(for: [cancellation.descriptor, pending.descriptor])
            return cancellation.isCancelled ? nil : try pending.take()
        }
    }

    private func unlock(_ key: OCI.Digest, _ lock: borrowing FileLock) {
        // The lock is held still, so nobody else can hold the file that is removed.
        try? FileSystem.removeFile(cache.lockPath(of: key))
    }
}

/// Gives a fault of a lower floor its place among a build's.
func wrapping<Result: ~Copyable>(
    _ body: () throws(SystemCallError) -> Result
) throws(BuildError) -> Result {
    do throws(SystemCallError) { return try body() } catch { throw BuildError(.system(error)) }
}

/// Gives a fault of the store its place among a build's.
func inStore<Result: ~Copyable>(
    _ body: () throws(ImageStoreError) -> Result
) throws(BuildError) -> Result {
    do throws(ImageStoreError) { return try body() } catch { throw BuildError(.store(error)) }
}
