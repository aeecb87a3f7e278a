import ArgumentParser
import OCI
import Orchestrator

struct VolumeSnapshotCommand: ComposeCommand {
    static let configuration = CommandConfiguration(
        commandName: "snapshot",
        abstract: "Keep the present content of a volume under a name.",
        discussion: """
            Running containers with the volume are paused during the copy. 'volume ls --snapshots' lists \
            snapshots; 'volume restore' and 'up --restore' bring the content back.
            """
    )

    @OptionGroup var users: VolumeQuietOptions

    @Flag(name: .shortAndLong, help: "Delete the snapshot instead.")
    var delete = false

    @Flag(name: .shortAndLong, help: "Replace a snapshot of the same name.")
    var force = false

    @Argument(help: "Name of a volume, or its key in the project.", completion: .existingVolumes)
    var volume: String

    @Argument(help: "Name of the snapshot (default: the time).", completion: .volumeSnapshots)
    var name: String?

    func validate() throws {
        if delete, name == nil { throw ValidationError("--delete: name the snapshot to delete") }
    }

    func run(in session: Session) async throws -> Int32 {
        let volume = try session.volumeName(volume)
        if delete, let name {
            guard try session.openHostToChange().volumeSnapshots.remove(name, of: volume) else {
                throw OrchestratorError.noSuchSnapshot(name, volume: volume)
            }
            Output.line(name)
            return 0
        }
        let (quiet, replaces) = (users.quiet, force)
        let title = name ?? Timestamp.now.description.replacing(":", with: ".")
        let snapshot = try await session.copyingVolumes("Copying") { copies in
            try await copies.snapshot(volume, as: title, quiet: quiet, replaces: replaces)
        }
        Output.line(snapshot.name)
        return 0
    }
}
