import ArgumentParser
import Orchestrator

struct VolumeRestore: ComposeCommand {
    static let configuration = CommandConfiguration(
        commandName: "restore",
        abstract: "Replace the content of a volume by that of a snapshot.",
        discussion: "The present content is lost. A volume that has been removed is created again."
    )

    @Flag(help: "Stop running containers that use the volume, and start them again.")
    var stop = false

    @Argument(help: "Name of a volume, or its key in the project.", completion: .existingVolumes)
    var volume: String

    @Argument(help: "Name of the snapshot.", completion: .volumeSnapshots)
    var name: String

    func run(in session: Session) async throws -> Int32 {
        let volume = try session.volumeName(volume)
        let (name, stops) = (name, stop)
        try await session.copyingVolumes("Copying") { copies in
            try await copies.restore(volume, from: name, stopsUsers: stops)
        }
        Output.line(volume)
        return 0
    }
}
