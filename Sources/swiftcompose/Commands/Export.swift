import ArgumentParser
import Linux
import Orchestrator
import SystemPackage

struct Export: SynchronousCommand {
    static let configuration = CommandConfiguration(
        commandName: "export",
        abstract: "Write a container's file system, without volumes, as a tar archive."
    )

    @Option(help: "Index of the container if the service has several replicas.")
    var index = 0

    @Option(
        name: .shortAndLong,
        help: "Write to a file instead of standard output.",
        completion: .file()
    )
    var output: String?

    @Argument(help: "Service name.", completion: .existingServices)
    var service: String

    func run(in session: Session) throws -> Int32 {
        guard output != nil || !StandardStream.output.isTerminal else {
            throw CommandError.terminalOutput
        }
        let container = try session.containers(of: service, index: index)[0]
        let export = ContainerExport(session.paths)
        // Resolved before entering a mount namespace, which changes the working directory.
        let path = try output.map {
            try FilePath(CurrentProcess.workingDirectory()).pushing(FilePath($0))
        }
        try session.reporting(container.record.name, "Exporting", "Exported") {
            guard let path else { return try export.write(container, to: 1) }
            try export.write(container, to: path)
        }
        return 0
    }
}
