import ArgumentParser
import ComposeFile
import Linux
import Orchestrator
import SystemPackage

/// What `run` takes in place of what the file says of its service.
struct RunOptions: ParsableArguments {
    @Option(help: "Add a capability; repeatable.")
    var capAdd: [String] = []

    @Option(help: "Drop a capability; repeatable.")
    var capDrop: [String] = []

    @Option(help: "Replace the entrypoint; the service's command then counts no more.")
    var entrypoint: String?

    @Option(name: .shortAndLong, help: "KEY[=VALUE]: an environment variable; repeatable.")
    var env: [String] = []

    @Option(help: "File of environment variables; repeatable, --env wins.")
    var envFromFile: [String] = []

    @Option(
        name: [.customShort("l"), .customLong("label"), .customLong("labels")],
        help: "KEY=VALUE: a label; repeatable."
    )
    var labels: [String] = []

    @Option(help: "The container's name.")
    var name: String?

    @Option(name: .shortAndLong, help: "Publish a port; repeatable.")
    var publish: [String] = []

    @Flag(name: [.customShort("P"), .long], help: "Publish the service's ports.")
    var servicePorts = false

    @Flag(help: "Let others reach the container by the service's names.")
    var useAliases = false

    @Option(name: .shortAndLong, help: "User or uid, with optional :group.")
    var user: String?

    @Option(
        name: [.customShort("v"), .customLong("volume"), .customLong("volumes")],
        help: "Mount something more; repeatable."
    )
    var volumes: [String] = []

    @Option(name: .shortAndLong, help: "Working directory.")
    var workdir: String?

    func validate() throws {
        if servicePorts, !publish.isEmpty {
            throw CommandError.contradiction("--service-ports", "--publish")
        }
    }

    func apply(to oneOff: inout OneOff, _ project: Project, _ session: Session) throws {
        oneOff.name = name
        oneOff.usesAliases = useAliases
        oneOff.addedCapabilities = capAdd
        oneOff.droppedCapabilities = capDrop
        oneOff.user = user
        oneOff.workingDirectory = workdir
        oneOff.entrypoint = try entrypoint.map(words)
        oneOff.environment = try environment(project, session)
        oneOff.labels = try Dictionary(labels.map(label)) { $1 }
        oneOff.ports =
            servicePorts
            ? nil
            : try publish.flatMap { text in
                try session.telling { () throws(ComposeErrors) in
                    try ComposeFile.Port.parse(text, option: "--publish")
                }
            }
        oneOff.volumes = try volumes.map { text in
            try session.telling { () throws(ComposeErrors) in
                try ServiceVolume.parse(text, option: "--volume", files: session.files)
            }
        }
    }

    private func words(_ line: String) throws -> [String] {
        guard let words = ShellWords.split(line) else {
            throw ValidationError("--entrypoint: a quote or bracket in '\(line)' is left open")
        }
        return words
    }

    private func label(_ text: String) throws -> (String, String) {
        let parts = text.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
        guard parts.count == 2 else {
            throw ValidationError("--label: '\(text)' must be set as KEY=VALUE")
        }
        return (String(parts[0]), String(parts[1]))
    }

    /// A name without a value takes the project's; of files the earlier ones win.
    private func environment(_ project: Project, _ session: Session) throws -> [String: String] {
        var values: [String: String] = [:]
        for entry in env {
            let parts = entry.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            let name = String(parts[0])
            values[name] = parts.count == 2 ? String(parts[1]) : project.environment[name]
        }
        for path in envFromFile {
            let known = values
            let bytes = try FileSystem.read(FilePath(path))
            var read: [String: String] = [:]
            var warnings: [ComposeWarning] = []
            try session.telling { () throws(ComposeErrors) in
                try Dotenv.parse(bytes, file: path, into: &read, warnings: &warnings) { known[$0] }
            }
            session.tell(warnings)
            values.merge(read) { earlier, _ in earlier }
        }
        return values
    }
}
