import ComposeFile
import Linux
import OCI
import SystemPackage

/// Changes of single containers, for clients of the Engine API.
extension ProjectChange {
    /// Creates a container without starting it.
    public func create(
        _ requested: RequestedContainer,
        named name: String,
        image: ServiceImage
    ) async throws -> ExistingContainer {
        var service = requested.service
        service.containerName = name
        var description = Project(name: project, workingDirectory: "/")
        description.services[service.name] = service
        _ = try description.validate()
        var desired = DesiredState(
            project: description,
            order: [service.name],
            targets: [],
            images: [service.name: image]
        )
        desired.requested = requested
        let new = Plan.NewContainer(
            container: Plan.ContainerName(id: Identifier.make(), name: name),
            service: service.name,
            number: requested.number
        )
        return try await whileLocked { [desired] in
            try host.containers.reserve([name], for: project, replacing: [])
            let files = host.paths.project(project).container(new.container.id)
            let (host, document) = (host, requested.document)
            try await BackgroundThread.run {
                let preparation = try ContainerPreparation(
                    host,
                    desired,
                    existing: [],
                    inheritsVolumes: false,
                    progress: { _ in }
                )
                try FileSystem.makeDirectories(files.directory, mode: 0o700)
                try Descriptor.open(files.request, [.writing, .creating], mode: 0o600)
                    .write(document)
                try preparation.create(new, because: .requested)
            }
            guard let created = try host.containers.container(new.container.id, of: project) else {
                throw OrchestratorError.noSuchContainer(name, neededBy: "create")
            }
            return created
        }
    }

    /// Removes one container, stopping it first if `grace` is given.
    public func remove(
        container id: String,
        stoppingWithin grace: Duration?,
        removesAnonymousVolumes: Bool
    ) async throws {
        try await whileLocked {
            guard let container = try host.containers.container(id, of: project) else { return }
            try await execute(
                StopPlanner.remove([container]),
                with: PlanInputs(grace: grace, removesAnonymousVolumes: removesAnonymousVolumes)
            )
        }
    }

    /// Gives a container another name.
    public func rename(container id: String, to name: String) async throws {
        try await whileLocked {
            guard var container = try host.containers.container(id, of: project) else { return }
            try host.containers.reserve([name], for: project, replacing: [id])
            let old = container.record.name
            container.record.rename(to: name)
            let file = host.paths.project(project).container(id).record
            try JSONFile.write(container.record, to: file)
            host.journal.append(HostEvent("rename", of: container.record, ["oldName": "/\(old)"]))
            guard container.isRunning else { return }
            try await withClient { try await $0.request(.reconnect(container: id)) }
        }
    }
}

extension ContainerRecord {
    /// Changes the name, also where others find the container by it.
    fileprivate mutating func rename(to new: String) {
        let old = name
        name = new
        guard case .attached(var attachments) = network else { return }
        for index in attachments.indices {
            attachments[index].aliases = attachments[index].aliases.map { $0 == old ? new : $0 }
        }
        network = .attached(attachments)
    }
}
