import ImageStore
import OCI

/// The steps of one build, each only once.
struct Graph {
    private(set) var vertices: [Vertex] = []
    private var known: [Digest: Vertex] = [:]

    /// The vertex for a step; the one that is there already when an equal one is.
    mutating func add(
        _ operation: Operation,
        over parent: Vertex?,
        reading sources: [Vertex] = [],
        name: String,
        origin: Origin?,
        ignoresCache: Bool
    ) -> Vertex {
        let definition = Self.definition(operation, parent, sources, ignoresCache)
        if let vertex = known[definition] { return vertex }
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
        known[definition] = vertex
        return vertex
    }

    private static func definition(
        _ operation: Operation,
        _ parent: Vertex?,
        _ sources: [Vertex],
        _ ignoresCache: Bool
    ) -> Digest {
        var digest = ContentDigest()
        digest.add(parent?.id ?? -1)
        digest.add(sources.map { String($0.id) })
        digest.add(ignoresCache ? 1 : 0)
        operation.describe(in: &digest)
        if case .transfer(let step) = operation, case .context(let context) = step.source {
            digest.add(ObjectIdentifier(context).hashValue)
        }
        if case .run(let step) = operation {
            digest.add(step.proxies)
            digest.add("\(step.settings)")
            for case .context(let context) in step.mounts.map(\.source) {
                digest.add(ObjectIdentifier(context).hashValue)
            }
        }
        return digest.digest
    }

    /// The vertices that `targets` need, themselves among them, inputs first.
    func needed(for targets: [Vertex]) -> [Vertex] {
        var needed: Set<Int> = []
        var pending = targets
        while let vertex = pending.popLast() {
            if needed.insert(vertex.id).inserted { pending += vertex.inputs }
        }
        return vertices.filter { needed.contains($0.id) }
    }
}

extension Operation {
    /// Adds what the step says by itself, without its inputs' files.
    func describe(in digest: inout ContentDigest) {
        switch self {
        case .image(let image):
            digest.add("image")
            digest.add("\(image.id)")
        case .run(let step): step.describe(in: &digest)
        case .transfer(let step): step.describe(in: &digest)
        case .workingDirectory(let step):
            digest.add(["directory", step.path, step.user])
        }
    }
}

extension TransferStep {
    fileprivate func describe(in digest: inout ContentDigest) {
        digest.add("transfer")
        digest.add(paths)
        digest.add(files.flatMap { [$0.name, $0.content] })
        digest.add([destination, owner ?? "-", modeText ?? "-"])
        digest.add(excludes)
        digest.add([isLink, keepsParents, unpacks].map(String.init))
    }
}

extension RunStep {
    fileprivate func describe(in digest: inout ContentDigest) {
        digest.add("run")
        digest.add(arguments)
        digest.add(environment)
        digest.add([user, workingDirectory, network.rawValue, String(isInsecure)])
        digest.add(mounts.map(\.text))
        digest.add(script.map { [$0.name, $0.content] } ?? [])
        digest.add(settings.extraHosts.flatMap { [$0.name, $0.address] })
    }
}
