import ArgumentParser
import Linux
import Orchestrator
import SystemPackage

struct Export: SynchronousCommand {
    static let configuration = CommandConfiguration(
        commandName: "export",
        abstract: "Write a container's file system, without its volumes, as a tar archive."
    )

    @Option(help: "Which replica.")
    var index = 0

    @Option(name: .shortAndLong, help: "File to write; standard output if none is named.")
    var output: String?

    @Argument(help: "The service.", completion: .existingServices)
    var service: String

    func run(in session: Session) throws -> Int32 {
        try session.demandPrivilege()
        guard output != nil || !StandardStream.output.isTerminal else {
            throw CommandError.terminalOutput
        }
        let container = try session.containers(of: service, index: index)[0]
        let export = ContainerExport(session.paths)
        // Before a mount namespace is entered, which forgets the working directory.
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
