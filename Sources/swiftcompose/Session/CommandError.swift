import Notation

/// An invalid use of a command, found before it changes anything.
enum CommandError: Error, Equatable {
    case unknownCommand(String, suggestion: String?)
    case unsupportedCommand(String, reason: String)
    case noSuchService(String, known: [String])
    case serviceNotRunning(String)
    case replicaNotRunning(String, Int)
    case paused(String)
    case restarting(String)
    case inputNotATerminal
    case portNotPublished(String, container: String, published: String)
    case incompatible(String, String)
    case noContainer(String, index: Int)
    case copyBetweenServices(String)
    case unknownCopyDirection
    case terminalOutput
    case notConfirmed
    case noBrowser(String)
    case noDryRun
    case notATerminal
    case nothingToWaitFor(String)
    case noDigest(String, place: String?, reason: String)
    case execInPaused(String, service: String)
    case invalidVariable(String, value: String, expected: String)
    case storeBusy
}

extension CommandError: CustomStringConvertible {
    var description: String {
        switch self {
        case .unknownCommand(let name, let suggestion):
            "unknown command '\(name)'" + (suggestion == nil ? ";" : Spelling.hint(suggestion))
                + " run 'swiftcompose --help' for a list of commands"
        case .unsupportedCommand(let name, let reason):
            "command '\(name)' is not supported; \(reason)"
        case .noSuchService(let name, let known):
            "no such service: \(name)"
                + (known.isEmpty ? "" : "; known services: \(known.joined(separator: ", "))")
        case .serviceNotRunning(let name):
            "service \"\(name)\" is not running; start it with 'swiftcompose up -d \(name)'"
        case .replicaNotRunning(let name, let number):
            "service \"\(name)\" is not running container #\(number)"
        case .restarting(let name):
            "cannot attach to a restarting container, wait until it is running; "
                + "see 'swiftcompose logs \(name)' for the reason of its exits"
        case .paused(let name):
            "cannot attach to a paused container, unpause it first with "
                + "'swiftcompose unpause \(name)'"
        case .inputNotATerminal:
            "cannot attach stdin to a TTY-enabled container because stdin is not a terminal; "
                + "use --no-stdin to attach without it"
        case .portNotPublished(let port, let container, let published):
            "no port \(port) for container \(container): \(published)"
        case .incompatible(let one, let other):
            "\(one) and \(other) are incompatible; use only one of them"
        case .noContainer(let service, 0):
            "no container found for service \"\(service)\"; "
                + "create one with 'swiftcompose create \(service)'"
        case .noContainer(let service, let index):
            "service \"\(service)\" has no container #\(index)"
        case .copyBetweenServices(let path):
            "copying between services is not supported; copy \(path) to this machine first"
        case .terminalOutput:
            "output option is required when exporting to terminal; use --output FILE"
        case .noDryRun: "this command has no dry run; omit --dry-run"
        case .noBrowser(let url):
            "xdg-open was not found; install xdg-utils, or open \(url) yourself"
        case .notConfirmed:
            "cancelled, nothing was removed; confirm at the terminal, or use --force"
        case .unknownCopyDirection:
            "unknown copy direction; exactly one of source and destination must be SERVICE:PATH"
        case .noDigest(let image, let place, let reason):
            (place.map { "\($0): " } ?? "") + "cannot resolve the digest of '\(image)': \(reason)"
        case .execInPaused(let container, let service):
            "container \(container) is paused; unpause it before exec, with "
                + "'swiftcompose unpause \(service)'"
        case .invalidVariable(let name, let value, let expected):
            "environment variable \(name): '\(value)' is not \(expected)"
        case .storeBusy:
            "nothing was removed, since images are being built, pulled, loaded, imported, saved or "
                + "committed, or containers created from them; try again when that has finished"
        case .nothingToWaitFor(let project):
            "no running containers to wait for in project \"\(project)\""
        case .notATerminal:
            "the input device is not a TTY; omit --tty, or run the command at a terminal"
        }
    }
}
