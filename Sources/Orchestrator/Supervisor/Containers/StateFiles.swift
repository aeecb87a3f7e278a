import ContainerRuntime
import FoundationEssentials
import Linux
import OCI
import SystemPackage

/// The files of one container as its supervisor reads and writes them.
struct StateFiles {
    let paths: ContainerPaths

    func record() throws -> ContainerRecord {
        try JSONFile.read(ContainerRecord.self, from: paths.record)
    }

    /// Nil for a container that was never started, and for an unreadable file.
    func state() -> ContainerState? {
        // A file torn by a power cut is replaced at the next change.
        try? JSONFile.readIfPresent(ContainerState.self, from: paths.state)
    }

    func specification() throws -> RuntimeSpecification {
        try JSONFile.read(RuntimeSpecification.self, from: paths.specification)
    }

    /// Replaces the state atomically.
    ///
    /// It is not flushed to disk: the state of a process does not outlive the running kernel.
    func write(_ state: ContainerState) throws {
        var state = state
        state.boot = ProcessTable.bootID
        let bytes = try JSONLine.encode(state)
        let temporary = paths.directory.appending(".state.json")
        try Descriptor.open(temporary, [.writing, .creating, .truncating]).write(bytes)
        try FileSystem.rename(temporary, to: paths.state)
    }
}
