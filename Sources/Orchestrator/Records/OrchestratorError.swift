/// Why a project could not be brought to the state asked for.
public enum OrchestratorError: Error, Sendable, Equatable {
    case externalNetworkMissing(String)
    case externalVolumeMissing(String)
    case invalidValue(AttributePlace, value: String, wanted: String)
    case unsupported(AttributePlace, reason: String)
    case noSuchContainer(String, neededBy: String)
    case imageMissing(String, AttributePlace, reason: String? = nil)
    case dependencyFailed(String)
    case portTaken(AttributePlace, reason: String)
    case noCommand(AttributePlace, image: String)
    case unsupportedDriver(String, of: String, known: [String])
    case invalidAddress(String, attribute: String)
    case notHealthyInTime(Duration)
    case nameTaken(String, project: String)
    case alreadyPaused(String)
    case notPaused(String)
    case missingPrivilege
    /// The image that a container was made from.
    case imageGone(String, container: String)
    case unreadableState(path: String, reason: String)
    /// The kernel watches no more files for us; the path is the first that it did not take.
    case tooFewWatches(String)
    /// Files could not be copied into a container, in the words of the process that tried.
    case notSynchronised(container: String, reason: String)
    /// A command of a rule ended with this status.
    case watchCommandFailed(container: String, status: Int32)
    /// Another process, if it has said which, watches the project.
    case alreadyWatched(project: String, process: Int32?)
    case nothingToWatch
    /// `start` of a project without containers; names a service if one was selected.
    case nothingToStart(String?, project: String)
}

extension OrchestratorError: CustomStringConvertible {
    public var description: String {
        switch self {
        case .externalNetworkMissing(let name):
            "network \(name) declared as external, but could not be found; create it first, "
                + "or drop 'external: true' to have it made"
        case .externalVolumeMissing(let name):
            "external volume \"\(name)\" not found; create it first, "
                + "or drop 'external: true' to have it made"
        case .invalidValue(let place, let value, let wanted):
            "\(place): '\(value)' is not \(wanted)"
        case .unsupported(let place, let reason): "\(place): \(reason)"
        case .noSuchContainer(let name, let needed):
            "\(needed): there is no container '\(name)'; create it first, or correct the name"
        case .imageMissing(let image, let place, let reason):
            "\(place): image '\(image)' is not on this machine"
                + (reason.map { " and could not be pulled:\n\($0)\nOr " } ?? "; ")
                + "load it with 'swiftcompose image load', make a distribution's base image with "
                + "'swiftcompose image bootstrap', or add a 'build' section"
        case .noCommand(let place, let image):
            "\(place): neither the service nor its image '\(image)' says what to run; "
                + "add a 'command'"
        case .portTaken(let place, let reason): "\(place): \(reason)"
        case .dependencyFailed(let reason): "dependency failed to start: \(reason)"
        case .unsupportedDriver(let driver, let resource, let known):
            "\(resource).driver: there is no driver '\(driver)' here; "
                + "use \(known.joined(separator: " or ")), or leave it out"
        case .invalidAddress(let text, let attribute):
            "\(attribute): '\(text)' is no IP address or subnet, such as 172.28.0.0/16"
        case .notHealthyInTime(let limit): "application not healthy after \(limit)"
        case .nameTaken(let name, let project):
            "project \(project) has a container '\(name)' already; "
                + "remove that one, or choose another name"
        case .imageGone(let image, let container):
            "the image '\(image)' that \(container) was made from is not on this machine any more; "
                + "recreate the container with 'swiftcompose up'"
        case .alreadyPaused(let name): "container \(name) is already paused"
        case .notPaused(let name): "container \(name) is not paused"
        case .missingPrivilege:
            "making containers and networks needs root; run the same command with sudo"
        case .unreadableState(let path, let reason):
            "\(path): this record of swiftcompose's cannot be read (\(reason)); "
                + "remove the directory it lies in to forget what it describes"
        case .tooFewWatches(let path):
            "\(path): the kernel watches no more files; raise fs.inotify.max_user_watches and "
                + "max_user_instances with sysctl, or leave directories out with 'ignore'"
        case .notSynchronised(let container, let reason):
            "copying files to \(container): \(reason)"
        case .watchCommandFailed(let container, let status):
            "the command of 'sync+exec' in \(container): exit code \(status)"
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
