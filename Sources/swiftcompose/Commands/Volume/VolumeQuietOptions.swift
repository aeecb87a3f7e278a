import ArgumentParser
import ComposeFile
import Orchestrator

/// The treatment of running containers while the volume that they use is copied.
struct VolumeQuietOptions: ParsableArguments {
    @Flag(help: "Do not pause running containers that use the volume.")
    var live = false

    @Flag(help: "Stop running containers that use the volume, and start them again.")
    var stop = false

    func validate() throws {
        if live, stop { throw CommandError.incompatible("--live", "--stop") }
    }

    var quiet: VolumeQuiet { stop ? .stopped : live ? .running : .frozen }
}

extension Session {
    /// Copies volumes, showing progress under `title`.
    func copyingVolumes<Value: Sendable>(
        _ title: String,
        _ work: @escaping @Sendable (VolumeCopies) async throws -> Value
    ) async throws -> Value {
        let host = try openHostToChange()
        return try await showingProgress(title) { progress in
            let copies = VolumeCopies(host, session: { projectSession($0) }, progress: progress)
            return try await endingOnSignals { try await work(copies) }
        }
    }

    /// The full name of a volume: `text` itself, or that of the project's volume with this key.
    func volumeName(_ text: String) throws -> String {
        let host = try openHost()
        // An invalid name is reported by the command itself.
        if (try? host.volumes.volume(text)) != nil { return text }
        return projectForCompletion()?.volumes[text]?.name ?? text
    }
}
