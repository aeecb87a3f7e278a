import Linux
import SystemPackage

/// The names of the containers that a command is about to create, reserved on the host.
///
/// A name belongs to one container of the host. Two commands that create containers at the same
/// time do not see each other's records yet, so each reserves its names first. A reservation ends
/// with the process that holds it.
struct NameReservation: Codable, Equatable {
    var process: Int32
    /// Clock ticks after boot at which `process` started.
    var processStart: UInt64
    var names: Set<String>

    fileprivate var isHeld: Bool {
        // A process that cannot be examined has exited.
        (try? ProcessTable.startTime(of: process)) == processStart
    }
}

extension ContainerStore {
    /// Reserves the `names` of containers of `project` that are about to be created.
    ///
    /// Throws if another container of the host has one of them, except the containers `replaced`,
    /// or if another command has reserved it.
    func reserve(_ names: Set<String>, for project: String, replacing replaced: Set<String>) throws
    {
        guard !names.isEmpty else { return }
        let directory = paths.reservations
        try FileSystem.makeDirectories(directory, mode: 0o700)
        try FileLock(waitingFor: directory.appending(".lock")).whileHeld {
            try checkRecords(names, replaced)
            for other in try FileSystem.entries(of: directory) where !other.hasPrefix(".") {
                let file = directory.appending(other)
                // An unreadable reservation reserves nothing.
                guard other != project,
                    let held = try? JSONFile.read(NameReservation.self, from: file),
                    held.isHeld, let name = names.intersection(held.names).min()
                else { continue }
                throw OrchestratorError.nameTaken(name, project: other, container: nil)
            }
            let reservation = NameReservation(
                process: CurrentProcess.pid,
                processStart: try ProcessTable.startTime(of: CurrentProcess.pid),
                names: names
            )
            try JSONFile.write(reservation, to: directory.appending(project), flushing: false)
        }
    }

    /// Ends the reservation of `project`, whose containers exist now.
    func endReservation(of project: String) throws {
        let file = paths.reservations.appending(project)
        if FileSystem.exists(file) { try FileSystem.removeFile(file) }
    }

    private func checkRecords(_ names: Set<String>, _ replaced: Set<String>) throws {
        for project in try projects() {
            // A container that cannot be read must not keep other projects from being changed.
            for container in try readableContainers(of: project).containers
            where names.contains(container.record.name) && !replaced.contains(container.id) {
                throw OrchestratorError.nameTaken(
                    container.record.name,
                    project: project,
                    container: container.id
                )
            }
        }
    }
}
