import Notation

/// An error in bringing a project to its desired state.
public enum OrchestratorError: Error, Sendable, Equatable {
    case externalNetworkMissing(String)
    case externalVolumeMissing(String)
    case invalidVolumeName(String)
    case noSuchVolume(String)
    /// A volume of that name exists with other options.
    case volumeExists(String)
    case volumeTaken(String)
    /// Containers run with a volume whose content is to be replaced.
    case volumeRunning(String, containers: [String])
    /// The content of a volume is not a directory of its own.
    case volumeElsewhere(String)
    case snapshotExists(String, volume: String)
    /// Nil for a snapshot that no volume of the project has.
    case noSuchSnapshot(String, volume: String?)
    case noSuchNetwork(String)
    /// Several objects of a kind have ids that begin with a text.
    case ambiguousID(String, of: String)
    /// The address given by an option is in none of a network's subnets.
    case outsideSubnets(String, option: String)
    case noContainerNamed(String)
    case notConnectable(String, mode: String)
    case alreadyConnected(String, network: String)
    case notConnected(String, network: String)
    case invalidValue(AttributePlace, value: String, wanted: String)
    case unsupported(AttributePlace, reason: String)
    case noSuchContainer(String, neededBy: String)
    case imageMissing(String, AttributePlace, reason: String? = nil)
    case dependencyFailed(String)
    /// A step of `pre_start`, by its place in the list.
    case initStepFailed(String, step: Int, reason: String)
    /// A rolling update of a service in which this container failed.
    case updateFailed(String, container: String, reason: String, UpdateOutcome)
    case portTaken(AttributePlace, reason: String)
    case noCommand(AttributePlace, image: String)
    case unsupportedDriver(String, of: String, known: [String])
    case invalidAddress(String, attribute: String)
    case notHealthyInTime(Duration)
    /// Another container of the host, or one that another command is creating, has the name.
    case nameTaken(String, project: String, container: String?)
    case volumeInUse(String, containers: [String])
    /// Another command has removed the volume while the container was being created.
    case volumeRemoved(String, container: String)
    case alreadyPaused(String)
    case notPaused(String)
    /// The image from which a container was created.
    case imageGone(String, container: String)
    case unreadableState(path: String, reason: String)
    /// The inotify limits are exhausted; the path is the first that could not be watched.
    case tooFewWatches(String)
    /// Files could not be copied into a container, with the message of the copying process.
    case notSynchronised(container: String, reason: String)
    /// A command of a watch rule exited with this status.
    case watchCommandFailed(container: String, status: Int32)
    /// Another process, if known, watches the project.
    case alreadyWatched(project: String, process: Int32?)
    case nothingToWatch
    /// `start` of a project without containers; names a service if one was selected.
    case nothingToStart(String?, project: String)
}

/// The state in which a failed rolling update leaves a service.
public enum UpdateOutcome: Sendable, Equatable {
    /// The other containers are the old ones.
    case paused(updated: Int, of: Int)
    case rolledBack
}

extension UpdateOutcome: CustomStringConvertible {
    public var description: String {
        switch self {
        case .paused(let updated, let count):
            "\(updated) of \(count) containers are updated; correct the service and run the "
                + "command again"
        case .rolledBack: "all containers are the old ones again"
        }
    }
}

extension OrchestratorError: CustomStringConvertible {
    public var description: String {
        switch self {
        case .externalNetworkMissing(let name):
            "network \(name) declared as external, but could not be found; create it first, "
                + "or remove 'external: true' to have it created"
        case .externalVolumeMissing(let name):
            "external volume \"\(name)\" not found; create it first, "
                + "or remove 'external: true' to have it created"
        case .invalidVolumeName(let name):
            "'\(name)' is not a valid volume name; only \(ObjectName.rule) is allowed"
        case .noSuchVolume(let name):
            "no such volume: \(name); 'swiftcompose volume ls' lists the volumes"
        case .volumeExists(let name):
            "volume \(name) exists with other options; remove it first, or choose another name"
        case .volumeTaken(let name):
            "volume \(name) exists; remove it first, or choose another name"
        case .volumeRunning(let name, let containers):
            "volume \(name) is used by running containers: \(containers.joined(separator: ", ")); "
                + "stop them first, or use --stop"
        case .volumeElsewhere(let name):
            "volume \(name) mounts another file system by its driver options; "
                + "only volumes without options can be copied"
        case .snapshotExists(let name, let volume):
            "volume \(volume) has a snapshot \(name) already; replace it with --force, or choose "
                + "another name"
        case .noSuchSnapshot(let name, let volume?):
            "volume \(volume) has no snapshot \(name); 'swiftcompose volume ls --snapshots' lists them"
        case .noSuchSnapshot(let name, nil):
            "no volume of the project has a snapshot \(name); 'swiftcompose volume ls --snapshots' "
                + "lists them"
        case .noSuchNetwork(let name):
            "network \(name) not found; 'swiftcompose network ls' lists the networks"
        case .ambiguousID(let text, let kind):
            "several \(kind)s have an ID that begins with '\(text)'; give more digits"
        case .outsideSubnets(let text, let option):
            "\(option): \(text) is in no subnet of the network; set one with --subnet"
        case .noContainerNamed(let name):
            "no such container: \(name); 'swiftcompose ps --all --all-projects' lists the containers"
        case .notConnectable(let name, let mode):
            "container \(name) cannot be connected to a network, since it uses \(mode); "
                + "remove 'network_mode' from its service"
        case .alreadyConnected(let name, let network):
            "container \(name) is already connected to network \(network); disconnect it first"
        case .notConnected(let name, let network):
            "container \(name) is not connected to network \(network)"
        case .invalidValue(let place, let value, let wanted):
            "\(place): '\(value)' is not \(wanted)"
        case .unsupported(let place, let reason): "\(place): \(reason)"
        case .noSuchContainer(let name, let needed):
            "\(needed): no such container: '\(name)'; create it first, or correct the name"
        case .imageMissing(let image, let place, let reason):
            "\(place): no such image: '\(image)'"
                + (reason.map { " and could not be pulled:\n\($0)\nOr " } ?? "; ")
                + "load it with 'swiftcompose image load', create a base image with "
                + "'swiftcompose image bootstrap', or add a 'build' section"
        case .noCommand(let place, let image):
            "\(place): no command specified, and image '\(image)' has none; add a 'command'"
        case .portTaken(let place, let reason): "\(place): \(reason)"
        case .initStepFailed(let service, let step, let reason):
            "services.\(service).pre_start[\(step)]: \(reason)"
        case .updateFailed(let service, let container, let reason, let outcome):
            "update of service \(service) failed at container \(container): \(reason); \(outcome)"
        case .dependencyFailed(let reason): "dependency failed to start: \(reason)"
        case .unsupportedDriver(let driver, let resource, let known):
            "\(resource).driver: unsupported driver '\(driver)'; "
                + "use \(known.joined(separator: " or ")), or omit it"
        case .invalidAddress(let text, let attribute):
            "\(attribute): '\(text)' is not a valid IP address or subnet, such as 172.28.0.0/16"
        case .notHealthyInTime(let limit): "application not healthy after \(limit)"
        case .nameTaken(let name, let project, let container):
            "conflict: the container name \"\(name)\" is already in use by "
                + (container.map { "container \($0.prefix(12))" } ?? "a container being created")
                + " of project \(project); remove that container, or choose another name"
        case .volumeInUse(let name, let containers):
            "remove \(name): volume is in use - [\(containers.joined(separator: ", "))]; "
                + "remove these containers first"
        case .volumeRemoved(let name, let container):
            "volume \(name) has been removed while container \(container) was being created; "
                + "run the command again"
        case .imageGone(let image, let container):
            "image '\(image)' of container \(container) has been removed; "
                + "recreate the container with 'swiftcompose up'"
        case .alreadyPaused(let name): "container \(name) is already paused"
        case .notPaused(let name): "container \(name) is not paused"
        case .unreadableState(let path, let reason):
            "\(path): cannot read this record (\(reason)); "
                + "'swiftcompose down' removes what it describes"
        case .tooFewWatches(let path):
            "\(path): inotify limit reached; raise fs.inotify.max_user_watches and "
                + "max_user_instances with sysctl, or exclude directories with 'ignore'"
        case .notSynchronised(let container, let reason):
            "cannot copy files to container \(container): \(reason)"
        case .watchCommandFailed(let container, let status):
            "the 'sync+exec' command in container \(container) failed with exit code \(status)"
        case .alreadyWatched(let project, let process):
            "cannot take exclusive lock for project \"\(project)\": "
                + (process.map { "process with PID \($0)" } ?? "another process")
                + " is watching it; stop that one first"
        case .nothingToStart(let service?, _):
            "service \"\(service)\" has no container to start; create it with 'swiftcompose up'"
        case .nothingToStart(nil, let project):
            "no container found for project \"\(project)\"; create them with 'swiftcompose up'"
        case .nothingToWatch:
            "none of the selected services is configured for watch, "
                + "consider setting a 'develop' section"
        }
    }
}
