public import ComposeFile

/// A project as the objects of an engine in swarm mode.
///
/// Source: the Docker Engine API, version 1.41.
public struct SwarmStack: Sendable, Equatable {
    /// The label of every object of a stack, with the stack's name.
    public static let namespaceLabel = "com.docker.stack.namespace"
    /// The label with the reference of a service's image, before it was resolved.
    public static let imageLabel = "com.docker.stack.image"

    /// A network, config or secret to create.
    public struct Object: Sendable, Equatable {
        public var name: String
        /// The body of the request that creates it.
        public var specification: Value
    }

    /// A service to create or update.
    public struct Service: Sendable, Equatable {
        public var key: String
        public var name: String
        public var image: String
        /// The specification, with names in place of the ids of networks, configs and secrets.
        public var specification: Value
        /// The keys of the services that are deployed before it.
        public var dependencies: [String]
        /// The number of tasks; nil for one on each node.
        public var replicas: Int?
        /// Other services wait for its tasks to complete.
        public var isJob: Bool
    }

    public var name: String
    public var networks: [Object]
    public var configs: [Object]
    public var secrets: [Object]
    /// The services, dependencies before dependents.
    public var services: [Service]
    /// The names of networks, configs and secrets that must exist.
    public var external: [String]
    /// The treatment of each attribute.
    public var report: ConversionReport
}

extension SwarmStack {
    /// Creates the stack `name` from the active services of a project.
    public init(
        _ project: Project,
        name: String,
        files: FileAccess
    ) throws(ConversionError) {
        var project = project
        project.rename(to: name)
        let (stack, contents, report) = try SwarmConverter.stack(of: project, files: files)
        let awaited = project.services.values.flatMap { service in
            service.dependsOn.filter { $0.value.condition == .completedSuccessfully }.keys
        }
        let builder = StackBuilder(
            name: name,
            stack: stack,
            contents: contents,
            jobs: Set(awaited)
        )
        self.init(
            name: name,
            networks: builder.networks,
            configs: builder.files("configs"),
            secrets: builder.files("secrets"),
            services: project.serviceNamesInOrder.compactMap(builder.service),
            external: builder.external,
            report: report
        )
    }
}

extension Project {
    /// Gives resources that are named after the project names after the stack.
    fileprivate mutating func rename(to name: String) {
        func renamed(_ old: String?, _ key: String) -> String? {
            old == "\(self.name)_\(key)" ? "\(name)_\(key)" : old
        }
        for (key, network) in networks { networks[key]?.name = renamed(network.name, key) }
        for (key, volume) in volumes { volumes[key]?.name = renamed(volume.name, key) }
        for (key, config) in configs { configs[key]?.name = renamed(config.name, key) }
        for (key, secret) in secrets { secrets[key]?.name = renamed(secret.name, key) }
        self.name = name
    }

    /// The active services, dependencies before dependents.
    fileprivate var serviceNamesInOrder: [String] {
        var ordered: [String] = []
        func visit(_ name: String) {
            guard let service = services[name], !ordered.contains(name) else { return }
            for dependency in service.dependsOn.keys.sorted() { visit(dependency) }
            ordered.append(name)
        }
        for name in serviceNames { visit(name) }
        return ordered
    }
}
