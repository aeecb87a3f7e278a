import Linux
import SystemPackage

/// The containers of this host, read from their directories.
public struct ContainerStore: Sendable {
    let paths: DataPaths
    var journal: HostEventJournal { HostEventJournal(paths) }

    public init(_ paths: DataPaths) { self.paths = paths }

    /// Names of the projects that have a container directory.
    public func projects() throws -> [String] {
        guard FileSystem.exists(paths.projects) else { return [] }
        return try FileSystem.entries(of: paths.projects).filter { !$0.hasPrefix(".") }.sorted()
    }

    /// The containers of a project whose records can be read, sorted by name.
    public func containers(of project: String) throws -> [ExistingContainer] {
        try readableContainers(of: project).containers
    }

    /// The readable containers of all projects, sorted by project and name.
    public func ofAllProjects() throws -> [ExistingContainer] {
        try projects().flatMap { try containers(of: $0) }
    }

    /// The container of any project with a name, an id or a unique beginning of an id.
    public func container(matching text: String) throws -> ExistingContainer {
        let all = try ofAllProjects()
        if let exact = all.first(where: { $0.record.name == text || $0.id == text }) {
            return exact
        }
        let found = all.filter { !text.isEmpty && $0.id.hasPrefix(text) }
        guard found.count <= 1 else { throw OrchestratorError.ambiguousID(text, of: "container") }
        guard let container = found.first else { throw OrchestratorError.noContainerNamed(text) }
        return container
    }

    /// The readable containers of a project, and the ids of the others with the error of each.
    public func readableContainers(
        of project: String
    ) throws -> (containers: [ExistingContainer], unreadable: [(id: String, fault: any Error)]) {
        let directory = paths.project(project).containers
        guard FileSystem.exists(directory) else { return ([], []) }
        var containers: [ExistingContainer] = []
        var unreadable: [(id: String, fault: any Error)] = []
        for id in try FileSystem.entries(of: directory) where !id.hasPrefix(".") {
            do {
                if let container = try container(id, of: project) {
                    containers.append(container)
                } else if wasStarted(id, of: project) {
                    throw OrchestratorError.unreadableState(
                        path: paths.project(project).container(id).directory.string,
                        reason: "files are missing"
                    )
                }
            } catch {
                unreadable.append((id, error))
            }
        }
        containers.sort {
            ($0.record.name, $0.record.number) < ($1.record.name, $1.record.number)
        }
        return (containers, unreadable)
    }

    /// Reads one container; nil if its directory is missing or incomplete.
    ///
    /// Unless `isSupervised`, a recorded process that no longer exists counts as exited. A live
    /// supervisor records the exit itself, with the status.
    public func container(
        _ id: String,
        of project: String,
        isSupervised: Bool = false
    ) throws -> ExistingContainer? {
        let files = paths.project(project).container(id)
        guard try isComplete(files) else { return nil }
        guard let record = try JSONFile.readIfPresent(ContainerRecord.self, from: files.record)
        else { return nil }
        let written = try state(files)
        var container = ExistingContainer(
            record: record,
            state: isSupervised ? written : written.checkedAgainstProcess()
        )
        container.hasLeftovers =
            !container.isRunning
            && (written.pid != nil || mayRun(id, of: project))
        return container
    }

    /// The state of a container; exited if it cannot be read, so that stopping and starting it is
    /// left to the supervisor, which knows its real state.
    private func state(_ files: ContainerPaths) throws -> ContainerState {
        do {
            return try JSONFile.readIfPresent(ContainerState.self, from: files.state)
                ?? ContainerState(status: .created)
        } catch OrchestratorError.unreadableState {
            return ContainerState(status: .exited)
        }
    }

    /// Whether the container has ever run, so that it may have processes or data of its own.
    private func wasStarted(_ id: String, of project: String) -> Bool {
        mayRun(id, of: project)
            || FileSystem.exists(paths.project(project).container(id).state)
    }

    /// Whether the container may have processes: its run has not been cleaned up.
    private func mayRun(_ id: String, of project: String) -> Bool {
        FileSystem.exists(paths.project(project).spool(id))
    }

    /// Deletes a container's directory.
    ///
    /// The directory is renamed before it is deleted, so that an interruption leaves garbage rather
    /// than half a container, and a supervisor that is still writing cannot add files to it. In
    /// between, when the container no longer exists for others, `removeMore` is called.
    public func remove(
        _ id: String,
        of project: String,
        removeMore: () throws -> Void = {}
    ) throws {
        try LogFile.remove(ProjectPaths.passingLog(paths.project(project).spool(id)))
        let files = paths.project(project).container(id)
        guard FileSystem.exists(files.directory) else { return }
        let doomed = paths.project(project).containers.appending(".\(id)")
        try FileSystem.removeTree(doomed)
        try FileSystem.rename(files.directory, to: doomed)
        try removeMore()
        try FileSystem.removeTree(doomed)
    }

    /// Deletes the directories of containers whose creation or removal was interrupted; keeps those
    /// that have been started, whose records are damaged.
    public func collectGarbage(of project: String) throws {
        let directory = paths.project(project).containers
        guard FileSystem.exists(directory) else { return }
        for id in try FileSystem.entries(of: directory)
        where try id.hasPrefix(".")
            || !isComplete(paths.project(project).container(id)) && !wasStarted(id, of: project)
        {
            try FileSystem.removeTree(directory.appending(id))
        }
    }

    /// False for a container whose creation was interrupted: its record is missing, or a power
    /// failure before the files reached the disk left them empty.
    private func isComplete(_ files: ContainerPaths) throws(SystemCallError) -> Bool {
        for file in [files.record, files.specification] {
            do throws(SystemCallError) {
                guard try FileSystem.status(of: file).size > 0 else { return false }
            } catch {
                guard error.reason == .noSuchFileOrDirectory else { throw error }
                return false
            }
        }
        return true
    }

    /// Removes the directories of a project if it has no containers left.
    public func forget(_ project: String) throws {
        let files = paths.project(project)
        try collectGarbage(of: project)
        if FileSystem.exists(files.containers) {
            guard try FileSystem.entries(of: files.containers).isEmpty else { return }
        }
        if FileSystem.exists(files.data) { try FileSystem.removeTree(files.data) }
        if FileSystem.exists(files.run) { try FileSystem.removeTree(files.run) }
    }
}

extension ContainerState {
    /// False if it was written during another boot.
    var isOfThisBoot: Bool { boot == nil || boot == ProcessTable.bootID }

    /// The recorded state; exited with an unknown status if the recorded process no longer exists.
    ///
    /// That happens while no supervisor is running to record the exit.
    func checkedAgainstProcess() -> ContainerState {
        guard status == .running || status == .paused, let pid, let processStart else {
            return self
        }
        // A process whose start time cannot be read has exited.
        if isOfThisBoot, let start = try? ProcessTable.startTime(of: pid), start == processStart {
            return self
        }
        var state = self
        state.status = .exited
        state.pid = nil
        state.exitCode = nil
        return state
    }
}
