import ComposeFile
public import ImageBuilder
import Linux
import Notation
import OCI
import SystemPackage

extension BuildRequest {
    /// The build request of a service's `build` section; `reference` is the first tag.
    init(_ service: Service, of project: Project, reference: ImageReference) throws {
        let build = service.build ?? BuildDefinition()
        self.init(context: try Self.directory(of: build, service, project))
        name = service.name
        if let text = build.dockerfileInline {
            recipe = .inline(text)
        } else if let path = build.dockerfile {
            recipe = .file(FilePath(path))
        }
        target = build.target
        arguments = build.arguments.compactMapValues { $0 }
        namedContexts = try build.additionalContexts.mapValues {
            try Self.context($0, project, service.place(of: "build", "additional_contexts"))
        }
        labels = build.labels.merging(Self.ownership(service, project)) { $1 }
        tags = [reference] + (try build.tags.map { try ImageReference($0) })
        platform = try (service.platform ?? build.platforms.first).map { try Platform($0) }
        ignoresCache = build.noCache
        uncachedStages = Set(build.noCacheFilter)
        pullsAlways = build.pull
        network = build.network.flatMap(Network.init(rawValue:)) ?? .standard
        extraHosts = build.extraHosts.sorted { $0.key < $1.key }.flatMap { name, addresses in
            addresses.map { BuildRequest.Host(name: name, address: $0) }
        }
        secrets = try Self.secrets(build.secrets, project)
        agents = Self.agents(build.ssh, project)
        sharedMemory = build.shmSize.map { UInt64(clamping: $0.bytes) }
        limits = build.ulimits.sorted { $0.key < $1.key }.map { name, limit in
            Limit(name: name, soft: Self.limit(limit.soft), hard: Self.limit(limit.hard))
        }
        entitlements = try Self.entitlements(of: build, service)
    }

    private static func directory(
        of build: BuildDefinition,
        _ service: Service,
        _ project: Project
    ) throws -> FilePath {
        if let context = build.context {
            try refuseRemote(context, service.place(of: "build", "context"))
        }
        let path = FilePath(build.context ?? project.workingDirectory)
        // A directory that cannot be examined cannot be a build context either.
        if path.isAbsolute, (try? FileSystem.status(of: path).kind) != .directory {
            throw OrchestratorError.invalidValue(
                service.place(of: "build", "context"),
                value: path.string,
                wanted: "a readable directory"
            )
        }
        return path
    }

    /// Throws if the Dockerfile of `service`, whose request this is, does not exist.
    func checkRecipe(of service: Service) throws {
        guard case .file(let name) = recipe else { return }
        let path = context.pushing(name)
        guard !FileSystem.exists(path) else { return }
        throw OrchestratorError.invalidValue(
            service.place(of: "build", "dockerfile"),
            value: path.string,
            wanted: "an existing Dockerfile; create it, or name another one"
        )
    }

    private static func ownership(_ service: Service, _ project: Project) -> [String: String] {
        [
            ComposeLabel.project: project.name,
            ComposeLabel.service: service.name,
            ComposeLabel.version: SwiftcomposeVersion.current,
        ]
    }

    /// Parses a directory, `docker-image://REF`, `oci-layout://PATH:TAG` or `service:NAME`.
    private static func context(
        _ text: String,
        _ project: Project,
        _ place: AttributePlace
    ) throws -> NamedContext {
        if let name = text.suffix(after: "service:") {
            guard let service = project.declaredService(name), service.build == nil else {
                return .request(named: name)
            }
            return .image(try ImageReference(project.imageName(of: service)))
        }
        if let name = text.suffix(after: "docker-image://") {
            return .image(try ImageReference(name))
        }
        if let layout = text.suffix(after: "oci-layout://") {
            let parts = layout.split(separator: ":", maxSplits: 1).map(String.init)
            return .layout(
                FilePath(parts.first ?? layout),
                reference: parts.count > 1 ? parts[1] : "latest"
            )
        }
        try refuseRemote(text, place)
        return .directory(FilePath(text))
    }

    /// Throws if a context is the address of a repository or an archive, as docker accepts them.
    private static func refuseRemote(_ context: String, _ place: AttributePlace) throws {
        guard isRemote(context) else { return }
        throw OrchestratorError.unsupported(
            place,
            reason: "the remote context '\(context)'; clone or download it and name its directory"
        )
    }

    /// Whether a build context is an address and not a directory. Source: moby, `urlutil`.
    public static func isRemote(_ context: String) -> Bool {
        context.contains("://")
            || ["git@", "github.com/"].contains { context.hasPrefix($0) }
    }

    private static func secrets(
        _ references: [FileReference],
        _ project: Project
    ) throws -> [String: Secret] {
        var secrets: [String: Secret] = [:]
        for reference in references {
            let secret = project.secrets[reference.source]
            let id = reference.target ?? reference.source
            if let file = secret?.file {
                secrets[id] = .file(FilePath(file))
            } else if let content = secret?.content {
                secrets[id] = .value(Array(content.utf8))
            }
        }
        return secrets
    }

    /// An entry without a path uses the agent of SSH_AUTH_SOCK.
    private static func agents(_ keys: [SSHKey], _ project: Project) -> [String: FilePath] {
        var agents: [String: FilePath] = [:]
        for key in keys {
            let path = key.path ?? project.environment["SSH_AUTH_SOCK"]
            if let path, !path.isEmpty { agents[key.id] = FilePath(path) }
        }
        return agents
    }

    private static func entitlements(
        of build: BuildDefinition,
        _ service: Service
    ) throws -> Set<Entitlement> {
        var granted: Set<Entitlement> = build.privileged ? [.insecure] : []
        for (index, text) in build.entitlements.enumerated() {
            guard let entitlement = Entitlement(rawValue: text) else {
                throw OrchestratorError.invalidValue(
                    service.place(of: "build", "entitlements", "\(index)"),
                    value: text,
                    wanted: Entitlement.allCases.map(\.rawValue).joined(separator: " or ")
                )
            }
            granted.insert(entitlement)
        }
        return granted
    }

    private static func limit(_ value: Int64) -> UInt64 { value < 0 ? .max : UInt64(value) }
}
