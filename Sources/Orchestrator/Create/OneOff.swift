public import ComposeFile

/// A container of `run`, and its differences from a container that `up` creates.
public struct OneOff: Sendable, Equatable {
    public var service: String
    /// 64 hexadecimal digits; identifies one-off containers in docker compose's labels.
    public let slug: String
    /// Nil for `PROJECT-SERVICE-run-` with the first digits of the slug.
    public var name: String?
    /// The container is removed, with its anonymous volumes, when it exits.
    public var removesItself = false
    /// It gets the service's network aliases.
    public var usesAliases = false
    public var hasTerminal = false
    public var keepsInputOpen = false
    /// Its standard input ends with the client's.
    public var endsInputWithClient = false

    /// Empty for the service's.
    public var command: [String] = []
    /// Overrides the service's entrypoint and drops its command.
    public var entrypoint: [String]?
    public var environment: [String: String] = [:]
    public var user: String?
    public var workingDirectory: String?
    public var addedCapabilities: [String] = []
    public var droppedCapabilities: [String] = []
    public var labels: [String: String] = [:]
    /// Nil for the service's.
    public var ports: [Port]? = []
    public var volumes: [ServiceVolume] = []

    public init(of service: String) {
        self.service = service
        slug = Identifier.make()
    }
}

extension OneOff {
    /// The service with the options of `run` applied.
    ///
    /// Source: docker compose, `applyRunOptions`.
    func applied(to service: Service, of project: Project) -> Service {
        var service = service
        service.containerName =
            name ?? project.defaultName(service.name, "run", String(slug.prefix(12)))
        service.scale = 1
        service.restart = nil
        service.deploy?.restartPolicy = nil
        service.tty = hasTerminal
        service.stdinOpen = keepsInputOpen
        applyProcess(to: &service)
        applyCapabilities(to: &service)
        service.labels.merge(labels) { $1 }
        if let ports { service.ports = ports }
        service.volumes += volumes
        return service
    }

    private func applyProcess(to service: inout Service) {
        if let entrypoint {
            service.entrypoint = entrypoint
            service.command = []
        }
        if !command.isEmpty { service.command = command }
        service.environment.merge(environment.mapValues(Optional.some)) { $1 }
        if let user, !user.isEmpty { service.user = user }
        if let workingDirectory, !workingDirectory.isEmpty {
            service.workingDirectory = workingDirectory
        }
    }

    /// The options of `run` take precedence over the service's `cap_add` and `cap_drop`.
    private func applyCapabilities(to service: inout Service) {
        service.addedCapabilities += addedCapabilities
        service.droppedCapabilities.removeAll(where: addedCapabilities.contains)
        service.droppedCapabilities += droppedCapabilities
        service.addedCapabilities.removeAll(where: droppedCapabilities.contains)
    }
}
