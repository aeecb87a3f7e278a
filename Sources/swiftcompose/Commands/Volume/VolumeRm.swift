import ArgumentParser
import Linux
import Orchestrator

struct VolumeRm: ComposeCommand {
    static let configuration = CommandConfiguration(
        commandName: "rm",
        abstract: "Remove volumes, with their content, that no container uses.",
        aliases: ["remove"]
    )

    @Flag(name: .shortAndLong, help: "Succeed if a volume does not exist.")
    var force = false

    @Argument(help: "Names of volumes.", completion: .existingVolumes)
    var volumes: [String]

    func run(in session: Session) async throws -> Int32 {
        let host = try session.openHostToChange()
        let (volumes, force) = (volumes, force)
        return try await BackgroundThread.run {
            volumes.removingEach { name in
                do {
                    try host.removeVolume(name)
                } catch OrchestratorError.noSuchVolume where force {
                    return false
                }
                return true
            }
        }
    }
}
