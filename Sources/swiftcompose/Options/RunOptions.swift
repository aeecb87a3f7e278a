import ArgumentParser
import ComposeFile
import Linux
import Notation
import Orchestrator
import SystemPackage

/// The options of `run` that override the service's definition.
struct RunOptions: ParsableArguments {
    @Option(help: "Add a Linux capability; repeatable.")
    var capAdd: [String] = []

    @Option(help: "Drop a Linux capability; repeatable.")
    var capDrop: [String] = []

    @Option(help: "Override the entrypoint of the image; the service's command is then ignored.")
    var entrypoint: String?

    @Option(name: .shortAndLong, help: "Set an environment variable (KEY[=VALUE]); repeatable.")
    var env: [String] = []

    @Option(
        help: "Set environment variables from a file; repeatable, --env takes precedence.",
        completion: .file()
    )
    var envFromFile: [String] = []

    @Option(
        name: [.customShort("l"), .customLong("label"), .customLong("labels")],
        help: "Add or override a label (KEY=VALUE); repeatable."
    )
    var labels: [String] = []

    @Option(help: "Assign a name to the container.")
    var name: String?

    @Option(name: .shortAndLong, help: "Publish a container's port to the host; repeatable.")
    var publish: [String] = []

    @Flag(
        name: [.customShort("P"), .long],
        help: "Publish the service's ports."
    )
    var servicePorts = false

    @Flag(help: "Make the container reachable by the service's network aliases.")
    var useAliases = false

    @Option(name: .shortAndLong, help: "Run as this user name or uid, with an optional :group.")
    var user: String?

    @Option(
        name: [.customShort("v"), .customLong("volume"), .customLong("volumes")],
        help: "Bind mount a volume; repeatable.",
        completion: .volumes
    )
    var volumes: [String] = []

    @Option(name: .shortAndLong, help: "Path to the working directory in the container.")
    var workdir: String?

    func validate() throws {
        if servicePorts, !publish.isEmpty {
            throw CommandError.incompatible("--service-ports", "--publish")
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
                try session.reportingErrors { () throws(ComposeErrors) in
                    try ComposeFile.Port.parse(text, option: "--publish")
                }
            }
        oneOff.volumes = try volumes.map { text in
            try session.reportingErrors { () throws(ComposeErrors) in
                try ServiceVolume.parse(text, option: "--volume", files: session.files)
            }
        }
    }

    private func words(_ line: String) throws -> [String] {
        guard let words = ShellWords.split(line) else {
            throw ValidationError("--entrypoint: unterminated quote or bracket in '\(line)'")
        }
        return words
    }

    private func label(_ text: String) throws -> (String, String) {
        let (key, value) = text.nameAndValue
        guard let value else { throw ValidationError("--label: '\(text)' is not KEY=VALUE") }
        return (key, value)
    }

    /// Returns the variables; a name without a value takes the project's, and the first file wins.
    private func environment(_ project: Project, _ session: Session) throws -> [String: String] {
        var values: [String: String] = [:]
        for entry in env {
            let (name, value) = entry.nameAndValue
            values[name] = value ?? project.environment[name]
        }
        for path in envFromFile {
            let known = values
            let bytes = try FileSystem.read(FilePath(path))
            var read: [String: String] = [:]
            var warnings: [ComposeWarning] = []
            try session.reportingErrors { () throws(ComposeErrors) in
                try Dotenv.parse(bytes, file: path, into: &read, warnings: &warnings) { known[$0] }
            }
            session.show(warnings)
            values.merge(read) { earlier, _ in earlier }
        }
        return values
    }
}
