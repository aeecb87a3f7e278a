public import YAML

/// A whole application as its Compose files describe it: loaded, normalised and checked.
public struct Project: Sendable, Equatable {
    /// Names everything the project owns; lower case, `[a-z0-9][a-z0-9_-]*`.
    public var name: String
    /// The absolute directory that relative paths of the files start from.
    public var workingDirectory: String
    /// The files the project was read from, absolute, in order; `-` is standard input.
    public var composeFiles: [String] = []
    /// The variables of the project: the process's, then those of the env files.
    public var environment: [String: String] = [:]
    /// The profiles that are active; `*` stands for all.
    public var profiles: [String] = []
    /// The services that take part, by name.
    public var services: [String: Service] = [:]
    /// The services that no active profile or argument calls in, by name.
    public var inactiveServices: [String: Service] = [:]
    /// The networks that the project uses, by key.
    public var networks: [String: NetworkDefinition] = [:]
    /// The named volumes that the project uses, by key.
    public var volumes: [String: VolumeDefinition] = [:]
    /// The configs that the project uses, by key.
    public var configs: [String: ConfigDefinition] = [:]
    /// The secrets that the project uses, by key.
    public var secrets: [String: SecretDefinition] = [:]
    /// The AI models that the project uses, by key.
    public var models: [String: ModelDefinition] = [:]
    /// The top-level `x-` keys.
    public var extensions: Extensions = [:]
    /// Where the files say all this.
    public var source = Source()

    /// Makes a project without services.
    public init(name: String, workingDirectory: String) {
        self.name = name
        self.workingDirectory = workingDirectory
    }

    /// The names of the active services, sorted.
    public var serviceNames: [String] { services.keys.sorted() }

    /// The active services, by name.
    public var orderedServices: [Service] {
        services.sorted { $0.key < $1.key }.map(\.value)
    }

    /// Those of the active services, by name, that are named; all of them if none is, or if the
    /// `others` that the named ones have called in count as well.
    public func services(named names: [String], andOthers others: Bool) -> [Service] {
        orderedServices.filter { names.isEmpty || others || names.contains($0.name) }
    }
}

extension Project {
    /// Where something is written, as `location(of: "networks", "front")`.
    public func location(of path: String...) -> SourceLocation? {
        source.location(of: path)
    }
}
