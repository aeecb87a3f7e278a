import Dockerfile
import ImageStore
import Linux
import OCI
import SystemPackage

extension StepExecutor {
    func prepareTransfer(
        _ step: TransferStep,
        _ definition: ContentDigest,
        _ vertex: Vertex,
        _ inputs: Inputs
    ) throws(BuildError) -> PreparedStep {
        let base = try tree(of: inputs.parent)
        let (tree, digests, isContext): (LayeredTree, DigestCache, Bool)
        var quickKey: OCI.Digest?
        switch step.source {
        case .context(let context):
            (tree, digests, isContext) = (context.tree, context.digests, true)
        case .stage:
            let source = inputs.sources.first ?? StepResult()
            (tree, digests, isContext) = (try self.tree(of: source), self.digests, false)
            var quick = definition
            quick.add(source.identity)
            quickKey = quick.digest
        }
        let position = vertex.origin?.position ?? SourcePosition(file: "", line: 1)
        let selection = EntrySelection(
            tree: tree,
            matches: try matches(step, in: tree, at: position),
            excluded: try BuildError.during(
                reading: IgnorePatterns(patterns: step.excludes, at: position)
            ),
            isOfContext: isContext
        )
        return PreparedStep(
            command: inputs.parent.command,
            quickKey: quickKey,
            key: { () throws(SystemCallError) in
                var digest = definition
                try selection.add(to: &digest, digests: digests)
                return digest.digest
            },
            newestFile: { () throws(SystemCallError) in
                isContext ? try selection.newestFile() : nil
            },
            perform: { directory throws(BuildError) in
                try TransferJob(step: step, selection: selection, base: base)
                    .perform(in: directory)
            }
        )
    }

    private func matches(
        _ step: TransferStep,
        in tree: LayeredTree,
        at position: SourcePosition
    ) throws(BuildError) -> [EntrySelection.Match] {
        var matches: [EntrySelection.Match] = []
        for path in step.paths {
            guard !step.keepsParents else {
                matches.append(try parentMatch(path, in: tree, at: position))
                continue
            }
            guard let found = try BuildError.during(tree.matches(path)) else {
                throw BuildError(.missingSource("/" + cleanedPath(path)))
            }
            matches += found.map { EntrySelection.Match(name: $0.name, entry: $0.entry) }
        }
        return matches
    }

    /// The match of a source with `--parents`: its parent directories from `/./` on are kept.
    private func parentMatch(
        _ path: String,
        in tree: LayeredTree,
        at position: SourcePosition
    ) throws(BuildError) -> EntrySelection.Match {
        var start = ""
        var pattern = cleanedPath(path)
        if let pivot = path.firstRange(of: "/./") {
            start = cleanedPath(String(path[..<pivot.lowerBound]))
            pattern = cleanedPath(String(path[pivot.upperBound...]))
        }
        let hasWildcards = pattern.unicodeScalars.contains { "*?[".unicodeScalars.contains($0) }
        let literal = FilePath("/" + start + "/" + pattern)
        let isMissing = try BuildError.during(tree.entry(literal)) == nil && !hasWildcards
        let root = try BuildError.during(tree.entry(FilePath("/" + start)))
        guard let root, !isMissing else {
            throw BuildError(.missingSource("/" + cleanedPath(path)))
        }
        return EntrySelection.Match(
            name: "",
            entry: root,
            included: try BuildError.during(
                reading: IgnorePatterns(patterns: [pattern], at: position)
            )
        )
    }
}
