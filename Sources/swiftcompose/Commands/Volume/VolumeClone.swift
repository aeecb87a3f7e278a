import ArgumentParser
import Orchestrator

struct VolumeClone: ComposeCommand {
    static let configuration = CommandConfiguration(
        commandName: "clone",
        abstract: "Copy a volume to a new one.",
        discussion: """
            Running containers with the volume are paused during the copy. Projects use the new volume \
            with 'external: true'.
            """
    )

    @OptionGroup var users: VolumeQuietOptions

    @Argument(help: "Name of a volume, or its key in the project.", completion: .existingVolumes)
    var volume: String

    @Argument(help: "Name of the new volume.")
    var target: String

    func run(in session: Session) async throws -> Int32 {
        let volume = try session.volumeName(volume)
        let (target, quiet) = (target, users.quiet)
        try await session.copyingVolumes("Copying") { copies in
            try await copies.clone(volume, to: target, quiet: quiet)
        }
        Output.line(target)
        return 0
    }
}
