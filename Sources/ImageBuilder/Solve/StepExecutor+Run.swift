import Dockerfile
import ImageStore
import Linux
import OCI
import SystemPackage

extension StepExecutor {
    func prepareRun(
        _ step: RunStep,
        _ definition: ContentDigest,
        _ vertex: Vertex,
        _ inputs: Inputs
    ) throws(BuildError) -> PreparedStep {
        let layers = inputs.parent.layers
        var mounts: [RunJob.Input] = []
        var quick: ContentDigest? = definition
        for mount in step.mounts {
            let input = RunJob.Input(mount: mount, tree: try tree(of: mount, inputs.sources))
            mounts.append(input)
            switch mount.source {
            case .stage(let index): quick?.add(inputs.sources[index].identity)
            case .context: quick = nil
            case .none: break
            }
        }
        let (id, report, digests) = (BuildEvent.StepID.step(vertex.id), report, digests)
        let job = RunJob(
            step: step,
            base: try tree(of: inputs.parent),
            lower: try BuildError.during(store: store.lowerDirectories(of: layers)),
            inputs: mounts,
            caches: BuildCache.mounts(in: cache.directory.removingLastComponent()),
            environment: environment,
            cancellation: cancellation,
            output: { line, time in report(.output(id, line: line, after: time)) }
        )
        return PreparedStep(
            command: definition.digest,
            quickKey: mounts.isEmpty ? nil : quick?.digest,
            key: { () throws(SystemCallError) in
                var digest = definition
                for input in job.inputs where input.mount.options.kind == .bind {
                    try input.add(to: &digest, digests: digests)
                }
                return digest.digest
            },
            perform: { directory throws(BuildError) in try job.perform(in: directory) }
        )
    }

    private func tree(
        of mount: RunStep.Mount,
        _ sources: [StepResult]
    ) throws(BuildError) -> LayeredTree? {
        switch mount.source {
        case .context(let context): context.tree
        case .stage(let index): try tree(of: sources[index])
        case .none: nil
        }
    }
}

extension RunJob.Input {
    /// Adds the content that a bind mount shows to a cache key.
    fileprivate func add(
        to digest: inout ContentDigest,
        digests: DigestCache
    ) throws(SystemCallError) {
        let source = mount.options.source ?? "/"
        guard let tree, let entry = try tree.entry(FilePath("/" + cleanedPath(source))) else {
            return
        }
        var (digests, isContext) = (digests, false)
        if case .context(let context) = mount.source {
            (digests, isContext) = (context.digests, true)
        }
        let selection = EntrySelection(
            tree: tree,
            matches: [EntrySelection.Match(name: "", entry: entry)],
            isOfContext: isContext
        )
        try selection.add(to: &digest, digests: digests)
    }
}
