import Addresses
import ComposeFile
import ContainerNetwork
public import ImageStore
import OCI

/// The project to bring up with its images, and its reduction to what planning needs.
struct DesiredState {
    let project: Project
    /// Services to bring up, dependencies before dependents.
    let order: [String]
    /// Services named on the command line; empty for all.
    let targets: Set<String>
    let images: [String: ServiceImage]
    /// The container of `run`; its service gets no other container.
    var oneOff: OneOff?
    /// The container of a client of the Engine API, which is created instead of the services'.
    var requested: RequestedContainer?

    var desiredProject: DesiredProject {
        let services = order.filter { $0 != oneOff?.service }
            .compactMap { project.services[$0].map(desiredService) }
        let target = oneOff.flatMap { project.services[$0.service] }.map(desiredService)
        let users = services + [target].compactMap(\.self)
        let networksInUse = Set(users.flatMap(\.networks))
        let volumesInUse = Set(users.flatMap(\.volumes))
        return DesiredProject(
            name: project.name,
            nameSeparator: project.nameSeparator,
            services: services,
            declaredServices: Set(project.services.keys).union(project.inactiveServices.keys),
            networks: project.networks.map { key, network in
                resource(network.name ?? key, network.external, project.configHash(of: network))
            }
            .filter { networksInUse.contains($0.name) }
            .sorted { $0.name < $1.name } + defaultBridge(ifAmong: networksInUse),
            volumes: project.volumes.map { key, volume in
                resource(volume.name ?? key, volume.external, project.configHash(of: volume))
            }
            .filter { volumesInUse.contains($0.name) }
            .sorted { $0.name < $1.name },
            oneOff: target
        )
    }

    /// The network of `network_mode: bridge`, shared by the projects of the host.
    ///
    /// It belongs to no project and stays, as Docker's does; other containers on it are not found
    /// by name.
    static let defaultBridge = "bridge"

    private func defaultBridge(ifAmong names: Set<String>) -> [DesiredResource] {
        guard names.contains(Self.defaultBridge),
            !project.networks.contains(where: { ($1.name ?? $0) == Self.defaultBridge })
        else { return [] }
        return [DesiredResource(name: Self.defaultBridge, configHash: "", isExternal: false)]
    }

    private func networks(of service: Service) -> [String] {
        switch service.networkMode {
        case nil: service.networks.keys.map { project.networks[$0]?.name ?? $0 }.sorted()
        case .bridge: [Self.defaultBridge]
        default: []
        }
    }

    private func resource(_ name: String, _ isExternal: Bool, _ hash: String) -> DesiredResource {
        DesiredResource(name: name, configHash: hash, isExternal: isExternal)
    }

    private func desiredService(_ service: Service) -> DesiredService {
        guard let image = images[service.name] else {
            preconditionFailure("service \(service.name) has no image")
        }
        return DesiredService(
            name: service.name,
            replicas: service.replicas,
            containerName: service.containerName,
            configHash: project.configHash(of: service),
            imageID: image.image.id,
            networks: networks(of: service),
            volumes: service.volumes.filter { $0.kind == .volume }
                .compactMap { $0.source.map { project.volumes[$0]?.name ?? $0 } },
            dependencies: service.dependsOn.sorted { $0.key < $1.key }
                .filter { project.services[$0.key] != nil }
                .map { DesiredDependency($0.key, $0.value) },
            lenders: service.lenders,
            update: RolloutPolicy(service.deploy?.updateConfig),
            rollback: RolloutPolicy(service.deploy?.rollbackConfig),
            initSteps: service.preStart.map { DesiredInitStep(isPerReplica: $0.perReplica) },
            isTargeted: targets.isEmpty || targets.contains(service.name)
        )
    }
}

/// The image of a service.
public struct ServiceImage: Sendable {
    /// Its name in the Compose file, or the name it was built under.
    public var name: String
    public var image: Image

    public init(name: String, image: Image) {
        self.name = name
        self.image = image
    }
}

extension RolloutPolicy {
    fileprivate init(_ configuration: UpdateConfig?) {
        self.init()
        guard let configuration else { return }
        startsFirst = configuration.order == .startFirst
        if let count = configuration.parallelism { parallelism = Int(clamping: count) }
        delay = configuration.delay
        monitor = configuration.monitor
        failureAction = configuration.failureAction.flatMap(FailureAction.init) ?? .pause
        maxFailureRatio = Double(configuration.maxFailureRatio)
    }
}

extension Service {
    /// The services of the project whose containers lend it namespaces or mounts, sorted.
    var lenders: [String] {
        var lenders = Set(
            volumesFrom.filter { !$0.hasPrefix("container:") }
                .map { String($0.prefix { $0 != ":" }) }
        )
        if case .service(let name)? = networkMode { lenders.insert(name) }
        for mode in [pid, ipc, uts] {
            if case .service(let name)? = mode { lenders.insert(name) }
        }
        return lenders.sorted()
    }
}
