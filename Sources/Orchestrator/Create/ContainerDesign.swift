import ComposeFile
import Linux
import Notation
import OCI

/// One container of a service, thought through before anything is made.
struct ContainerDesign {
    var project: Project
    var service: Service
    var configuration: ImageConfiguration
    var imageID: Digest
    /// The image as the file names it, or the name it was built under.
    var imageName: String
    var id: String
    var name: String
    var number: Int
    var configHash: String
    /// Snapshot directories of the image, topmost first.
    var lowerDirectories: [String]
    /// What is particular to a container of `run`; nil for every other.
    var oneOff: OneOff?

    var config: ImageConfiguration.Config { configuration.config }
    var isOneOff: Bool { oneOff != nil }
}

extension ContainerDesign {
    /// The part that never changes.
    func record(created: Timestamp, mounts: MountDesign) throws -> ContainerRecord {
        ContainerRecord(
            id: id,
            name: name,
            project: project.name,
            service: service.name,
            number: number,
            isOneOff: isOneOff,
            removesItself: oneOff?.removesItself ?? false,
            image: imageName,
            imageID: imageID,
            command: command,
            created: created,
            labels: labels,
            lowerDirectories: lowerDirectories,
            restart: restart,
            restartPacing: restartPacing,
            healthProbe: try healthProbe(),
            stopSignal: try stopSignal(),
            stopGrace: service.stopGracePeriod ?? .seconds(10),
            network: networkUse,
            joins: joins,
            ports: try service.ports.map(publishedPort),
            exposedPorts: exposedPorts,
            volumes: mounts.volumes,
            mounts: mounts.mounts,
            logging: logging,
            postStart: try service.postStart.map(hook),
            preStop: try service.preStop.map(hook),
            names: names,
            hasTerminal: service.tty,
            keepsInputOpen: service.stdinOpen,
            endsInputWithClient: oneOff?.endsInputWithClient ?? false
        )
    }

    /// ENTRYPOINT and CMD with what the file puts in their place.
    var command: [String] {
        let entrypoint = service.entrypoint ?? config.entrypoint ?? []
        let imageCommand = service.entrypoint == nil ? config.cmd ?? [] : []
        return entrypoint + (service.command ?? imageCommand)
    }

    private var labels: [String: String] {
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
        } else {
            labels[ComposeLabel.containerNumber] = String(number)
        }
        labels[ComposeLabel.image] = imageID.description
        labels[ComposeLabel.dependsOn] = dependencies.joined(separator: ",")
        labels[ComposeLabel.workingDirectory] = project.workingDirectory
        labels[ComposeLabel.configFiles] = project.composeFiles.joined(separator: ",")
        return labels
    }

    /// `deploy.restart_policy` wins over `restart`.
    private var restart: RestartRule {
        if isOneOff { return .never }
        if let policy = service.deploy?.restartPolicy {
            switch policy.condition {
            case "none", "no": return .never
            case "on-failure": return .onFailure(limit: 0)
            case "unless-stopped": return .unlessStopped
            default: return .always
            }
        }
        return switch service.restart {
        case nil, .no: .never
        case .always: .always
        case .unlessStopped: .unlessStopped
        case .onFailure(let limit): .onFailure(limit: limit ?? 0)
        }
    }

    private var restartPacing: RestartPacing? {
        service.deploy?.restartPolicy.map { policy in
            RestartPacing(
                delay: policy.delay,
                attempts: policy.maxAttempts.map { Int(clamping: $0) },
                window: policy.window
            )
        }
    }

    private func stopSignal() throws -> Signal {
        guard let text = service.stopSignal ?? config.stopSignal else { return .terminate }
        guard let signal = Signal(text) else {
            throw OrchestratorError.invalidValue(
                service.place(of: "stop_signal"),
                value: text,
                wanted: "the name or number of a signal, such as SIGTERM"
            )
        }
        return signal
    }

    private var logging: LogRule {
        guard service.logging?.driver != "none" else { return .none }
        let options = service.logging?.options ?? [:]
        // Whether they can be read has been looked at before.
        let size = options["max-size"].flatMap { ByteCount(parsing: $0) }?.bytes ?? 0
        let count = options["max-file"].flatMap(Int.init) ?? 1
        return .files(maximumSize: max(0, size), count: max(1, count))
    }

    private func hook(_ hook: Hook) throws -> HookCommand {
        HookCommand(
            command: hook.command ?? [],
            user: hook.user,
            workingDirectory: hook.workingDirectory,
            environment: hook.environment.compactMap { name, value in value.map { "\(name)=\($0)" }
            }
            .sorted(),
            isPrivileged: hook.privileged
        )
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
