import Dockerfile
import ImageStore
import Linux
import OCI
import SystemPackage

/// One step with its inputs in hand: its key, and the doing of it.
struct StepWork {
    /// The last command of what this step gives.
    var command: OCI.Digest?
    /// From what its inputs are called alone; nil when only their content tells.
    var quickKey: OCI.Digest?
    /// From its inputs' content.
    var key: () throws(SystemCallError) -> OCI.Digest
    /// Fills an upper directory below the one given; nil when nothing changes.
    var perform: (FilePath) throws(BuildError) -> FilePath?
}

extension StepExecutor {
    func work(
        _ vertex: Vertex,
        _ parent: StepResult,
        _ sources: [StepResult]
    ) throws(BuildError) -> StepWork {
        var definition = ContentDigest()
        definition.add("step 2")
        definition.add("\(parent.chain.map { "\($0)" } ?? "scratch")")
        definition.add(parent.command.map { "\($0)" } ?? "no command")
        vertex.operation.describe(in: &definition)
        switch vertex.operation {
        case .image: preconditionFailure("an image is no work")
        case .workingDirectory(let step):
            let tree = try tree(of: parent)
            let key = definition.digest
            return StepWork(
                command: parent.command,
                key: { () throws(SystemCallError) in key },
                perform: { directory throws(BuildError) in
                    try DirectoryJob(step: step, base: tree).perform(in: directory)
                }
            )
        case .transfer(let step):
            return try transferWork(step, definition, parent, sources)
        case .run(let step):
            return try runWork(step, definition, vertex, parent, sources)
        }
    }

    func tree(of result: StepResult) throws(BuildError) -> LayeredTree {
        let directories = try inStore { () throws(ImageStoreError) in
            try store.lowerDirectories(of: result.layers)
        }
        return try wrapping { () throws(SystemCallError) in try LayeredTree(directories) }
    }

    private func transferWork(
        _ step: TransferStep,
        _ definition: ContentDigest,
        _ parent: StepResult,
        _ sources: [StepResult]
    ) throws(BuildError) -> StepWork {
        let base = try tree(of: parent)
        let (tree, digests, resetsOwner): (LayeredTree, DigestCache, Bool)
        var quickKey: OCI.Digest?
        switch step.source {
        case .context(let context):
            (tree, digests, resetsOwner) = (context.tree, context.digests, true)
        case .stage:
            let source = sources.first ?? StepResult()
            (tree, digests, resetsOwner) = (try self.tree(of: source), self.digests, false)
            var quick = definition
            quick.add("\(source.chain.map { "\($0)" } ?? "scratch")")
            quickKey = quick.digest
        }
        let matches = try matches(step, in: tree)
        let selection = TransferSelection(
            step: step,
            tree: tree,
            matches: matches,
            excluded: try patterns(step.excludes, of: step),
            resetsOwner: resetsOwner
        )
        return StepWork(
            command: parent.command,
            quickKey: quickKey,
            key: { () throws(SystemCallError) in
                var digest = definition
                try selection.add(to: &digest, digests: digests)
                return digest.digest
            },
            perform: { directory throws(BuildError) in
                try TransferJob(selection: selection, base: base).perform(in: directory)
            }
        )
    }

    private func matches(
        _ step: TransferStep,
        in tree: LayeredTree
    ) throws(BuildError) -> [TransferSelection.Match] {
        var matches: [TransferSelection.Match] = []
        for path in step.paths {
            guard !step.keepsParents else {
                matches.append(try parentMatch(path, of: step, in: tree))
                continue
            }
            let found = try wrapping { () throws(SystemCallError) in try tree.matches(path) }
            guard let found else { throw BuildError(.missingSource("/" + cleanedPath(path))) }
            matches += found.map { TransferSelection.Match(name: $0.name, entry: $0.entry) }
        }
        return matches
    }

    /// A source of a copy that keeps the folders on the way, from `/./` on if there is one.
    private func parentMatch(
        _ path: String,
        of step: TransferStep,
        in tree: LayeredTree
    ) throws(BuildError) -> TransferSelection.Match {
        var start = ""
        var pattern = cleanedPath(path)
        if let pivot = path.range(of: "/./") {
            start = cleanedPath(String(path[..<pivot.lowerBound]))
            pattern = cleanedPath(String(path[pivot.upperBound...]))
        }
        let hasWildcards = pattern.unicodeScalars.contains { "*?[".unicodeScalars.contains($0) }
        let entry = try wrapping { () throws(SystemCallError) -> TreeEntry? in
            if !hasWildcards, try tree.entry(FilePath("/" + start + "/" + pattern)) == nil {
                return nil
            }
            return try tree.entry(FilePath("/" + start))
        }
        guard let entry else { throw BuildError(.missingSource("/" + cleanedPath(path))) }
        return TransferSelection.Match(
            name: "",
            entry: entry,
            included: try patterns([pattern], of: step)
        )
    }

    private func patterns(
        _ texts: [String],
        of step: TransferStep
    ) throws(BuildError) -> IgnorePatterns {
        do { return try IgnorePatterns(patterns: texts, at: step.position) } catch {
            throw BuildError(.dockerfile(error))
        }
    }
}

extension String {
    /// Where `text` first stands.
    fileprivate func range(of text: String) -> Range<Index>? {
        var start = startIndex
        while start < endIndex {
            if self[start...].hasPrefix(text) {
                return start..<index(start, offsetBy: text.count)
            }
            start = index(after: start)
        }
        return nil
    }
}
