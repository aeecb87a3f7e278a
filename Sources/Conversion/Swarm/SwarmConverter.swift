public import ComposeFile

/// Converts a project to a stack file for Docker Swarm.
///
/// Source: the Compose file format 3.9 and the conversion of `docker stack deploy` 20.10, which
/// ignores some attributes of the format.
public struct SwarmConverter {
    /// The newest version of the format that every client since 20.10 reads.
    private static let version = "3.9"

    let project: Project
    let contents: ContentReader
    var notes = Notes()
    /// The contents of configs and secrets, by path below the stack file.
    var files: [String: [UInt8]] = [:]
    /// The networks of the engine that services use by `network_mode`.
    var hostNetworks: Set<String> = []

    private init(_ project: Project, _ access: FileAccess) {
        self.project = project
        contents = ContentReader(project: project, access: access)
    }

    /// Converts the active services of a project.
    public static func convert(
        _ project: Project,
        files: FileAccess
    ) throws(ConversionError) -> Conversion {
        let (stack, contents, report) = try stack(of: project, files: files)
        var output = contents.map { path, bytes in
            Conversion.File(path: path, content: bytes, isSecret: path.hasPrefix("secrets/"))
        }
        let text = DocumentWriter.text(of: [stack.escapingVariables])
        output.append(Conversion.File(path: "stack.yaml", text: text))
        output.sort { $0.path < $1.path }
        return Conversion(files: output, report: report)
    }

    /// Returns the stack file, the contents of configs and secrets by path, and the report.
    static func stack(
        of project: Project,
        files: FileAccess
    ) throws(ConversionError) -> (Node, [String: [UInt8]], ConversionReport) {
        var converter = SwarmConverter(project, files)
        let stack = try converter.stack()
        let report = AttributeWalk.report(on: project, rules: .swarm, notes: converter.notes)
        return (stack, converter.files, report)
    }

    private mutating func stack() throws(ConversionError) -> Node {
        var services = Object()
        for service in project.orderedServices {
            services.set(service.name, .object(try self.service(service)))
        }
        var stack = Object()
        stack.set(
            "version",
            Self.version,
            comment: "Deploy with: docker stack deploy --compose-file stack.yaml \(project.name)"
        )
        stack.set("services", .object(services))
        stack.set("networks", networks().ifNotEmpty)
        stack.set("volumes", volumes().ifNotEmpty)
        stack.set("configs", try configs().ifNotEmpty)
        stack.set("secrets", try secrets().ifNotEmpty)
        return .object(stack)
    }

    /// Returns a resource's name, unless the engine gives it the same one by default.
    func name(_ name: String?, of key: String) -> String? {
        name == "\(project.name)_\(key)" ? nil : name
    }

    private mutating func networks() -> Node {
        var networks = Object()
        for (key, network) in project.networks.sorted(by: { $0.key < $1.key }) {
            networks.set(
                key,
                network.external ? external(network.name ?? key) : self.network(key, network)
            )
        }
        for name in hostNetworks.sorted() { networks.set(hostKey(name), external(name)) }
        return .object(networks)
    }

    /// The key under `networks` of a network that the engine provides.
    func hostKey(_ name: String) -> String {
        project.networks[name] == nil ? name : "engine_\(name)"
    }

    func external(_ name: String) -> Node { ["external": true, "name": .text(name)] }

    private mutating func network(_ key: String, _ network: NetworkDefinition) -> Node {
        let path = ["networks", key]
        var object = Object()
        object.set("name", name(network.name, of: key))
        let isLocal = ["bridge", "default", "", nil].contains(network.driver)
        if isLocal, network.driver != nil {
            notes.approximate(path + ["driver"], "overlay, which spans the nodes")
        }
        object.set("driver", isLocal ? "overlay" : network.driver ?? "overlay")
        if isLocal, !network.driverOptions.isEmpty {
            notes.miss(path + ["driver_opts"], "they are the bridge driver's; set the overlay's")
        } else {
            object.set("driver_opts", Node.texts(network.driverOptions).ifNotEmpty)
        }
        if network.internal { object.set("internal", true) }
        if network.attachable { object.set("attachable", true) }
        var ipam = Object()
        ipam.set("driver", network.ipam.driver)
        let pools = network.ipam.pools.compactMap { pool in
            pool.subnet.map { ["subnet": .text($0)] as Node }
        }
        ipam.set("config", Node.list(pools).ifNotEmpty)
        object.set("ipam", Node.object(ipam).ifNotEmpty)
        object.set("labels", Node.texts(network.labels).ifNotEmpty)
        return .object(object)
    }

    private func volumes() -> Node {
        var volumes = Object()
        for (key, volume) in project.volumes.sorted(by: { $0.key < $1.key }) {
            guard !volume.external else {
                volumes.set(key, external(volume.name ?? key))
                continue
            }
            var object = Object()
            object.set("name", name(volume.name, of: key))
            object.set("driver", volume.driver)
            object.set("driver_opts", Node.texts(volume.driverOptions).ifNotEmpty)
            object.set("labels", Node.texts(volume.labels).ifNotEmpty)
            volumes.set(key, .object(object))
        }
        return .object(volumes)
    }
}

extension Node {
    /// The node without variables: the client interpolates every value of a stack file.
    fileprivate var escapingVariables: Node {
        switch self {
        case .text(let text): .text(text.replacing("$", with: "$$"))
        case .list(let elements): .list(elements.map(\.escapingVariables))
        case .object(let object):
            .object(
                Object(
                    object.entries.map { entry in
                        var entry = entry
                        entry.value = entry.value.escapingVariables
                        return entry
                    }
                )
            )
        case .integer, .number, .flag: self
        }
    }
}
