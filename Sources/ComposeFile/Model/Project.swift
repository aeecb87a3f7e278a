public import YAML

/// An application as described by its Compose files: loaded, normalised and validated.
public struct Project: Sendable, Equatable {
    /// The prefix of all resource names; matches `[a-z0-9][a-z0-9_-]*`.
    public var name: String
    /// The absolute directory to which relative paths in the files refer.
    public var workingDirectory: String
    /// The absolute paths of the Compose files, in order; `-` means standard input.
    public var composeFiles: [String] = []
    /// The variables of the process and of the env files; the process's take precedence.
    public var environment: [String: String] = [:]
    /// The active profiles; `*` means all.
    public var profiles: [String] = []
    /// The active services, by name.
    public var services: [String: Service] = [:]
    /// The services not enabled by a profile or an argument, by name.
    public var inactiveServices: [String: Service] = [:]
    /// Separates the parts of names of containers and built images; `_` with `--compatibility`.
    public var nameSeparator = "-"
    /// The project's networks, by key.
    public var networks: [String: NetworkDefinition] = [:]
    /// The project's named volumes, by key.
    public var volumes: [String: VolumeDefinition] = [:]
    /// The project's configs, by key.
    public var configs: [String: ConfigDefinition] = [:]
    /// The project's secrets, by key.
    public var secrets: [String: SecretDefinition] = [:]
    /// The project's AI models, by key.
    public var models: [String: ModelDefinition] = [:]
    /// The top-level `x-` extension fields.
    public var extensions: Extensions = [:]
    /// The tree from which the project was decoded.
    public var source = Source()

    /// Creates a project without services.
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

    /// The active services with the given names, in order of name; all active services if `names`
    /// is empty or `others`, the dependencies of the named services, are to be included.
    public func services(named names: [String], andOthers others: Bool) -> [Service] {
        orderedServices.filter { names.isEmpty || others || names.contains($0.name) }
    }
}

extension Project {
    /// The location of an attribute, as in `location(of: "networks", "front")`.
    public func location(of path: String...) -> SourceLocation? {
        source.location(of: path)
    }
}

extension Project {
    /// The default name of a container or image, `PROJECT-PART-…`.
    public func defaultName(_ parts: String...) -> String {
        ([name] + parts).joined(separator: nameSeparator)
    }
}
