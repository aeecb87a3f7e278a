import Dockerfile

/// A step of a build and the steps whose results it uses.
final class Vertex: Sendable {
    let id: Int
    let operation: Operation
    /// The step whose files this one starts with; nil for an empty tree.
    let parent: Vertex?
    /// Steps whose files it reads: `--from` and mounts.
    let sources: [Vertex]
    /// The name in progress output.
    let name: String
    let origin: Origin?
    let ignoresCache: Bool

    init(
        id: Int,
        operation: Operation,
        parent: Vertex?,
        sources: [Vertex],
        name: String,
        origin: Origin?,
        ignoresCache: Bool
    ) {
        self.id = id
        self.operation = operation
        self.parent = parent
        self.sources = sources
        self.name = name
        self.origin = origin
        self.ignoresCache = ignoresCache
    }

    /// The steps that must be finished before this one.
    var inputs: [Vertex] { (parent.map { [$0] } ?? []) + sources }
}

/// The lines of a Dockerfile that a step comes from.
struct Origin: Sendable {
    var dockerfile: [String]
    var position: SourcePosition
    var lastLine: Int

    var excerpt: DockerfileExcerpt {
        DockerfileExcerpt(dockerfile, at: position, through: max(lastLine, position.line))
    }
}
