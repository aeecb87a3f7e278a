import Notation

/// What a command refuses before it begins.
enum CommandError: Error, Equatable {
    case unknownCommand(String, suggestion: String?)
    case noSuchService(String, known: [String])
    case serviceNotRunning(String)
    case replicaNotRunning(String, Int)
    case paused(String)
    case restarting(String)
    case inputIsNoTerminal
    case portNotPublished(String, container: String, published: String)
    case contradiction(String, String)
    case noContainer(String, index: Int)
    case copyBetweenServices(String)
    case unknownCopyDirection
    case terminalOutput
    case notATerminal
    case nothingToWaitFor(String)
    case noDigest(String, place: String?, reason: String)
    case execInPaused(String, service: String)
}

extension CommandError: CustomStringConvertible {
    var description: String {
        switch self {
        case .unknownCommand(let name, let suggestion):
            "unknown command '\(name)'" + (suggestion == nil ? ";" : Spelling.hint(suggestion))
                + " run 'swiftcompose --help' for a list of commands"
        case .noSuchService(let name, let known):
            "no such service: \(name)"
                + (known.isEmpty ? "" : "; there are: \(known.joined(separator: ", "))")
        case .serviceNotRunning(let name):
            "service \"\(name)\" is not running; start it with 'swiftcompose up -d \(name)'"
        case .replicaNotRunning(let name, let number):
            "service \"\(name)\" is not running container #\(number)"
        case .restarting(let name):
            "cannot attach to a restarting container, wait until it is running; "
                + "'swiftcompose logs \(name)' tells why it ends"
        case .paused(let name):
            "cannot attach to a paused container, unpause it first with "
                + "'swiftcompose unpause \(name)'"
        case .inputIsNoTerminal:
            "cannot attach stdin to a TTY-enabled container because stdin is not a terminal; "
                + "watch it with --no-stdin"
        case .portNotPublished(let port, let container, let published):
            "no port \(port) for container \(container): \(published)"
        case .contradiction(let one, let other):
            "\(one) and \(other) contradict each other; give one of them"
        case .noContainer(let service, 0):
            "no container found for service \"\(service)\"; "
                + "make one with 'swiftcompose create \(service)'"
        case .noContainer(let service, let index):
            "service \"\(service)\" has no container #\(index)"
        case .copyBetweenServices(let path):
            "copying between services is not supported; copy \(path) to this machine first"
        case .terminalOutput:
            "output option is required when exporting to terminal; name a file with --output"
        case .unknownCopyDirection:
            "unknown copy direction; write one of the two as SERVICE:PATH"
        case .noDigest(let image, let place, let reason):
            (place.map { "\($0): " } ?? "") + "no digest of '\(image)' can be told: \(reason)"
        case .execInPaused(let container, let service):
            "container \(container) is paused; unpause it before exec, with "
                + "'swiftcompose unpause \(service)'"
        case .nothingToWaitFor(let project):
            "no containers for project \"\(project)\" run that could be waited for"
        case .notATerminal:
            "the input device is not a TTY; leave out --tty, or run the command at a terminal"
        }
    }
}
