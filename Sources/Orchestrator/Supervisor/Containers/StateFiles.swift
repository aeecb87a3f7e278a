import ContainerRuntime
import FoundationEssentials
import Linux
import OCI
import SystemPackage

/// What is kept of one container on disk, as its supervisor reads and writes it.
struct StateFiles {
    let paths: ContainerPaths

    func record() throws -> ContainerRecord {
        try JSONFile.read(ContainerRecord.self, from: paths.record)
    }

    /// Nil for a container that was never started, and where a power cut left half a file.
    func state() -> ContainerState? {
        // Half a file tells as little as none, and is written anew at the next change.
        try? JSONFile.readIfPresent(ContainerState.self, from: paths.state)
    }

    func specification() throws -> RuntimeSpecification {
        try JSONFile.read(RuntimeSpecification.self, from: paths.specification)
    }

    /// Replaces the state in one step.
    ///
    /// It is not flushed to disk, because no state of a process outlives the running kernel.
    func write(_ state: ContainerState) throws {
        var state = state
        state.boot = ProcessTable.bootID
        let bytes = try JSONLine.encode(state)
        let temporary = paths.directory.appending(".state.json")
        try Descriptor.open(temporary, [.writing, .creating, .truncating]).write(bytes)
        try FileSystem.rename(temporary, to: paths.state)
    }
}
