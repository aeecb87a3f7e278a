import ArgumentParser
import Orchestrator
import SystemPackage

struct VolumeInspect: SynchronousCommand {
    static let configuration = CommandConfiguration(
        commandName: "inspect",
        abstract: "Print the details of volumes as JSON."
    )

    @Option(name: .shortAndLong, help: "Format of the output: json, or a Go template.")
    var format = "json"

    @Argument(help: "Names of volumes.", completion: .existingVolumes)
    var volumes: [String]

    func run(in session: Session) throws -> Int32 {
        let store = VolumeStore(directory: session.paths.volumes)
        return try Inspection.print(volumes, format: format) { name in
            guard let volume = try store.volume(name) else {
                throw OrchestratorError.noSuchVolume(name)
            }
            return VolumeInspection(
                volume: volume,
                mountpoint: store.content(of: name).string
            )
        }
    }
}
