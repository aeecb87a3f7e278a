import Linux
import SystemPackage

/// The containers of this machine as their directories tell.
public struct ContainerStore: Sendable {
    let paths: DataPaths

    public init(_ paths: DataPaths) { self.paths = paths }

    /// Names of the projects that have a container directory.
    public func projects() throws -> [String] {
        guard FileSystem.exists(paths.projects) else { return [] }
        return try FileSystem.entries(of: paths.projects).sorted()
    }

    /// A project's containers, by name.
    public func containers(of project: String) throws -> [ExistingContainer] {
        let (containers, unreadable) = try readableContainers(of: project)
        if let first = unreadable.first { throw first.fault }
        return containers
    }

    /// The same for commands whose project is another one: those that can be read, and the ids of
    /// the others with what is wrong with them.
    public func readableContainers(
        of project: String
    ) throws -> (containers: [ExistingContainer], unreadable: [(id: String, fault: any Error)]) {
        let directory = paths.project(project).containers
        guard FileSystem.exists(directory) else { return ([], []) }
        var containers: [ExistingContainer] = []
        var unreadable: [(id: String, fault: any Error)] = []
        for id in try FileSystem.entries(of: directory) where !id.hasPrefix(".") {
            do {
                if let container = try container(id, of: project) { containers.append(container) }
            } catch {
                unreadable.append((id, error))
            }
        }
        containers.sort {
            ($0.record.name, $0.record.number) < ($1.record.name, $1.record.number)
        }
        return (containers, unreadable)
    }

    /// Nil when the directory holds no finished container.
    ///
    /// A supervisor that is known to live says itself how a process ended that is just gone.
    public func container(
        _ id: String,
        of project: String,
        isSupervised: Bool = false
    ) throws -> ExistingContainer? {
        let files = paths.project(project).container(id)
        guard try isWhole(files) else { return nil }
        guard let record = try JSONFile.readIfPresent(ContainerRecord.self, from: files.record)
        else { return nil }
        let written =
            try JSONFile.readIfPresent(ContainerState.self, from: files.state)
            ?? ContainerState(status: .created)
        var container = ExistingContainer(
            record: record,
            state: isSupervised ? written : written.believingTheKernel()
        )
        container.hasLeftovers =
            !container.isRunning
            && (written.pid != nil || FileSystem.exists(paths.project(project).spool(id)))
        return container
    }

    /// Deletes a container's directory; `record` goes first, so that what is left is garbage.
    ///
    /// Under its old name nobody may add to it any more, such as a supervisor that still writes.
    public func remove(_ id: String, of project: String) throws {
        try LogFile.remove(ProjectPaths.passingLog(paths.project(project).spool(id)))
        let files = paths.project(project).container(id)
        guard FileSystem.exists(files.directory) else { return }
        if FileSystem.exists(files.record) { try FileSystem.removeFile(files.record) }
        let doomed = paths.project(project).containers.appending(".\(id)")
        try FileSystem.removeTree(doomed)
        try FileSystem.rename(files.directory, to: doomed)
        try FileSystem.removeTree(doomed)
    }

    /// Deletes directories of containers whose creation was cut short.
    public func collectGarbage(of project: String) throws {
        let directory = paths.project(project).containers
        guard FileSystem.exists(directory) else { return }
        for id in try FileSystem.entries(of: directory)
        where try id.hasPrefix(".") || !isWhole(paths.project(project).container(id)) {
            try FileSystem.removeTree(directory.appending(id))
        }
    }

    /// False for one whose making was cut short: it has no record yet, or a power cut came before
    /// its files were on disk and left empty ones.
    private func isWhole(_ files: ContainerPaths) throws(SystemCallError) -> Bool {
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

    /// Removes the directories of a project that has no containers left.
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
    /// Whether the running kernel is the one that it was written under, as far as it tells.
    var isOfThisBoot: Bool { boot == nil || boot == ProcessTable.bootID }

    /// What the file says, corrected where the process it speaks of is gone.
    ///
    /// Happens while no supervisor lives to write it down; the exit status is then unknown.
    func believingTheKernel() -> ContainerState {
        guard status == .running || status == .paused, let pid, let processStart else {
            return self
        }
        // A process that cannot be looked at is gone.
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
