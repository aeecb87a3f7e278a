import ImageStore
import OCI

/// The steps of one build, without duplicates.
struct Graph {
    /// The parts of a step that make it equal to another.
    private struct Identity: Hashable {
        var operation: Operation
        var parent: Int?
        var sources: [Int]
        var ignoresCache: Bool
    }

    private(set) var vertices: [Vertex] = []
    private var known: [Identity: Vertex] = [:]

    /// Returns the vertex of an equal step if there is one, else adds a vertex.
    mutating func add(
        _ operation: Operation,
        over parent: Vertex?,
        reading sources: [Vertex] = [],
        name: String,
        origin: Origin?,
        ignoresCache: Bool
    ) -> Vertex {
        let identity = Identity(
            operation: operation,
            parent: parent?.id,
            sources: sources.map(\.id),
            ignoresCache: ignoresCache
        )
        if let vertex = known[identity] { return vertex }
        let vertex = Vertex(
            id: vertices.count,
            operation: operation,
            parent: parent,
            sources: sources,
            name: name,
            origin: origin,
            ignoresCache: ignoresCache
        )
        vertices.append(vertex)
        known[identity] = vertex
        return vertex
    }

    /// The vertices that `targets` need, including `targets`, each after its inputs.
    func needed(for targets: [Vertex]) -> [Vertex] {
        var needed: Set<Int> = []
        var pending = targets
        while let vertex = pending.popLast() {
            if needed.insert(vertex.id).inserted { pending += vertex.inputs }
        }
        return vertices.filter { needed.contains($0.id) }
    }
}
