import Dockerfile
import ImageStore
import Linux
import OCI
import SystemPackage

extension StepExecutor {
    func runWork(
        _ step: RunStep,
        _ definition: ContentDigest,
        _ vertex: Vertex,
        _ parent: StepResult,
        _ sources: [StepResult]
    ) throws(BuildError) -> StepWork {
        let lower = try inStore { () throws(ImageStoreError) in
            try store.lowerDirectories(of: parent.layers)
        }
        let base = try tree(of: parent)
        var inputs: [RunJob.Input] = []
        for mount in step.mounts {
            inputs.append(RunJob.Input(mount: mount, tree: try tree(of: mount, sources)))
        }
        var quick: ContentDigest? = definition
        for (mount, input) in zip(step.mounts, inputs) {
            switch mount.source {
            case .stage(let index):
                quick?.add("\(sources[index].chain.map { "\($0)" } ?? "scratch")")
            case .context where input.tree != nil: quick = nil
            case .context, .none: break
            }
        }
        let job = RunJob(
            step: step,
            base: base,
            lower: lower,
            inputs: inputs,
            caches: cache.directory.removingLastComponent().appending("mounts"),
            environment: environment,
            cancellation: cancellation,
            output: { line, time in report(.output(vertex.id, line: line, after: time)) }
        )
        return StepWork(
            command: definition.digest,
            quickKey: step.mounts.isEmpty ? nil : quick?.digest,
            key: { () throws(SystemCallError) in
                var digest = definition
                for input in inputs where input.mount.options.kind == .bind {
                    try add(input, to: &digest)
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

    /// Adds the content of what a bind mount shows.
    private func add(
        _ input: RunJob.Input,
        to digest: inout ContentDigest
    ) throws(SystemCallError) {
        guard let tree = input.tree else { return }
        let source = input.mount.options.source ?? "/"
        guard let entry = try tree.entry(FilePath("/" + cleanedPath(source))) else { return }
        var (digests, isContext) = (self.digests, false)
        if case .context(let context) = input.mount.source {
            (digests, isContext) = (context.digests, true)
        }
        let step = TransferStep(
            source: .stage,
            paths: [],
            files: [],
            destination: "/",
            excludes: [],
            isLink: false,
            keepsParents: false,
            unpacks: false,
            position: SourcePosition(file: "", line: 1)
        )
        let selection = TransferSelection(
            step: step,
            tree: tree,
            matches: [TransferSelection.Match(name: "", entry: entry)],
            resetsOwner: isContext
        )
        try selection.add(to: &digest, digests: digests)
    }
}
