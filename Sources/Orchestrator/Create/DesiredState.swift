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

    var desiredProject: DesiredProject {
        let services = order.filter { $0 != oneOff?.service }
            .compactMap { project.services[$0].map(desiredService) }
        let target = oneOff.flatMap { project.services[$0.service] }.map(desiredService)
        let users = services + [target].compactMap(\.self)
        let networksInUse = Set(users.flatMap(\.networks))
        let volumesInUse = Set(users.flatMap(\.volumes))
        return DesiredProject(
            name: project.name,
            services: services,
            declaredServices: Set(project.services.keys).union(project.inactiveServices.keys),
            networks: project.networks.map { key, network in
                resource(network.name ?? key, network.external, project.configHash(of: network))
            }
            .filter { networksInUse.contains($0.name) }
            .sorted { $0.name < $1.name },
            volumes: project.volumes.map { key, volume in
                resource(volume.name ?? key, volume.external, project.configHash(of: volume))
            }
            .filter { volumesInUse.contains($0.name) }
            .sorted { $0.name < $1.name },
            oneOff: target
        )
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
            networks: service.networkMode == nil
                ? service.networks.keys.map { project.networks[$0]?.name ?? $0 }.sorted() : [],
            volumes: service.volumes.filter { $0.kind == .volume }
                .compactMap { $0.source.map { project.volumes[$0]?.name ?? $0 } },
            dependencies: service.dependsOn.sorted { $0.key < $1.key }
                .filter { project.services[$0.key] != nil }
                .map { DesiredDependency($0.key, $0.value) },
            mountsFrom: service.volumesFrom.map { String($0.prefix { $0 != ":" }) },
            isTargeted: targets.isEmpty || targets.contains(service.name)
        )
    }
}

/// The image of a service.
public struct ServiceImage: Sendable {
    /// Its name in the Compose file, or the name it was built under.
    public var name: String
    public var image: Image
}
