public import ComposeFile

/// A container of `run`, and how it differs from those that `up` makes of its service.
public struct OneOff: Sendable, Equatable {
    public var service: String
    /// 64 hexadecimal digits; in docker compose's labels it tells one-off containers apart.
    public let slug: String
    /// Nil: `PROJECT-SERVICE-run-` and the first digits of the slug.
    public var name: String?
    /// The container goes, with its anonymous volumes, when it ends.
    public var removesItself = false
    /// Others on its networks reach it by the service's names too.
    public var usesAliases = false
    public var hasTerminal = false
    public var keepsInputOpen = false
    /// Its input ends with ours.
    public var endsInputWithClient = false

    /// Empty: the service's.
    public var command: [String] = []
    /// In place of the service's, whose command then counts no more.
    public var entrypoint: [String]?
    public var environment: [String: String] = [:]
    public var user: String?
    public var workingDirectory: String?
    public var addedCapabilities: [String] = []
    public var droppedCapabilities: [String] = []
    public var labels: [String: String] = [:]
    /// Nil: the service's.
    public var ports: [Port]? = []
    public var volumes: [ServiceVolume] = []

    public init(of service: String) {
        self.service = service
        slug = Identifier.make()
    }
}

extension OneOff {
    /// The service as the container of `run` has it.
    ///
    /// Source: docker compose, `applyRunOptions`.
    func applied(to service: Service, of project: String) -> Service {
        var service = service
        service.containerName = name ?? "\(project)-\(service.name)-run-\(slug.prefix(12))"
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

    /// What is added here is not dropped by the file, and the other way round.
    private func applyCapabilities(to service: inout Service) {
        service.addedCapabilities += addedCapabilities
        service.droppedCapabilities.removeAll(where: addedCapabilities.contains)
        service.droppedCapabilities += droppedCapabilities
        service.addedCapabilities.removeAll(where: droppedCapabilities.contains)
    }
}
