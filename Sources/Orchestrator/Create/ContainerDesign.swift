import ComposeFile
import OCI

/// The design of one container of a service: pure values, computed before anything is created.
struct ContainerDesign {
    var project: Project
    var service: Service
    var configuration: ImageConfiguration
    var imageID: Digest
    /// The image's name in the Compose file, or the name it was built under.
    var imageName: String
    var id: String
    var name: String
    var number: Int
    var configHash: String
    /// Snapshot directories of the image, topmost first.
    var lowerDirectories: [String]
    /// The options of a container of `run`; nil for any other.
    var oneOff: OneOff?
    /// The step of `pre_start` that an init container runs; nil for any other.
    var initStep: InitStep?
    /// The request of a client of the Engine API; nil for a container of a Compose file.
    var requested: RequestedContainer?

    var config: ImageConfiguration.Config { configuration.config }
    var isOneOff: Bool { oneOff != nil || initStep != nil }
}

extension ContainerDesign {
    /// The immutable description of the container.
    func record(created: Timestamp, mounts: MountDesign) throws -> ContainerRecord {
        var record = ContainerRecord(
            id: id,
            name: name,
            project: project.name,
            service: service.name,
            number: number,
            image: imageName,
            imageID: imageID,
            command: command,
            created: created
        )
        record.isOneOff = requested?.isOneOff ?? isOneOff
        record.initStep = initStep
        record.labels = labels
        record.lowerDirectories = lowerDirectories
        record.volumes = mounts.volumes
        record.mounts = mounts.mounts
        record.hasTerminal = service.tty
        record.keepsInputOpen = service.stdinOpen
        record.endsInputWithClient =
            requested?.endsInputWithClient ?? oneOff?.endsInputWithClient ?? false
        try describeLifecycle(in: &record)
        try describeNetwork(in: &record)
        return record
    }

    /// The image's ENTRYPOINT and CMD, overridden by the service's.
    var command: [String] {
        let entrypoint = service.entrypoint ?? config.entrypoint ?? []
        let imageCommand = service.entrypoint == nil ? config.cmd ?? [] : []
        return entrypoint + (service.command ?? imageCommand)
    }

    private var labels: [String: String] {
        if let requested { return config.labels.merging(requested.labels) { $1 } }
        let dependencies = service.dependsOn.sorted { $0.key < $1.key }.map { name, dependency in
            DesiredDependency(name, dependency).label
        }
        var labels = config.labels.merging(service.labels) { $1 }
        labels[ComposeLabel.project] = project.name
        labels[ComposeLabel.service] = service.name
        labels[ComposeLabel.version] = SwiftcomposeVersion.current
        labels[ComposeLabel.configHash] = configHash
        labels[ComposeLabel.oneOff] = isOneOff ? "True" : "False"
        if let oneOff {
            labels[ComposeLabel.slug] = oneOff.slug
        } else if initStep != nil {
            labels[ComposeLabel.hook] = "pre_start"
        } else {
            labels[ComposeLabel.containerNumber] = String(number)
        }
        labels[ComposeLabel.image] = imageID.description
        labels[ComposeLabel.dependsOn] = dependencies.joined(separator: ",")
        labels[ComposeLabel.workingDirectory] = project.workingDirectory
        labels[ComposeLabel.configFiles] = project.composeFiles.joined(separator: ",")
        return labels
    }
}

extension DesiredDependency {
    init(_ service: String, _ dependency: Dependency) {
        let condition: Condition =
            switch dependency.condition {
            case .started: .started
            case .healthy: .healthy
            case .completedSuccessfully: .completed
            }
        self.init(
            service: service,
            condition: condition,
            restarts: dependency.restart,
            isRequired: dependency.required
        )
    }
}
