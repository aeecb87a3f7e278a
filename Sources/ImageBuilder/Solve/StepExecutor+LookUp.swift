import ImageStore
import Linux
import OCI
import SystemPackage

extension StepExecutor {
    /// The file of a context that a step reads and that was modified last.
    struct NewestFile: Sendable {
        /// From the root of the context.
        var path: String
        /// Since 1970.
        var modified: Duration
    }

    /// The cached result of a step, or nil and the newest file that it reads, if any.
    func lookUp(
        _ vertex: Vertex,
        _ results: [StepResult]
    ) throws(BuildError) -> (result: StepResult?, newest: NewestFile?) {
        if case .image(let image) = vertex.operation {
            return (StepResult(layers: image.layers), nil)
        }
        let hasParent = vertex.parent != nil
        let parent = hasParent ? results[0] : StepResult()
        let sources = Array(results.dropFirst(hasParent ? 1 : 0))
        let step = try prepare(vertex, Inputs(parent: parent, sources: sources))
        let keys = [step.quickKey, try BuildError.during(step.key())].compactMap(\.self)
        for key in keys {
            guard let layers = try cached(key, over: parent) else { continue }
            return (StepResult(layers: layers, command: step.command), nil)
        }
        return (nil, try BuildError.during(step.newestFile()))
    }
}

extension EntrySelection {
    /// The file that was modified last.
    func newestFile() throws(SystemCallError) -> StepExecutor.NewestFile? {
        var newest: StepExecutor.NewestFile?
        func consider(_ entry: TreeEntry) {
            guard let status = entry.status, status.modified > newest?.modified ?? .zero else {
                return
            }
            let path = entry.path.map(\.string).joined(separator: "/")
            newest = StepExecutor.NewestFile(
                path: path.isEmpty ? "the context" : path,
                modified: status.modified
            )
        }
        for match in matches {
            consider(match.entry)
            guard match.entry.isDirectory else { continue }
            try walk(match).visitContents(
                of: match.entry,
                TreeWalk.Visitor<SystemCallError>(
                    enter: { item throws(SystemCallError) in consider(item.entry) },
                    leave: { _ throws(SystemCallError) in }
                ),
                reading: { $0 }
            )
        }
        return newest
    }
}
