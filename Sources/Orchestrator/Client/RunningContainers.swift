import OCI

/// The project's running containers, derived from its event stream.
///
/// A supervisor may be killed before it reports an exit, and the journal is removed with the project;
/// then the containers' files show which exits were missed.
struct RunningContainers {
    private let paths: DataPaths
    private let project: String
    /// The names for events, by container id.
    private var names: [String: (name: String, service: String)] = [:]

    init(of project: String, _ paths: DataPaths) {
        self.project = project
        self.paths = paths
        // A project that cannot be listed has no containers.
        let all = try? ContainerStore(paths).readableContainers(of: project).containers
        for container in all ?? [] where !container.hasEnded {
            let record = container.record
            names[record.id] = (record.name, record.service)
        }
    }

    mutating func apply(_ event: ContainerEvent) {
        if event.kind == .started {
            names[event.container] = (event.name, event.service)
        } else if event.isExit {
            names[event.container] = nil
        }
    }

    /// Exits for which there is no event, neither applied nor journalled since `last`.
    func missedExits(since last: Timestamp) -> [ContainerEvent] {
        let ends = names.keys.compactMap(end)
        guard !ends.isEmpty else { return [] }
        // Without a journal no event is known.
        let journalled = (try? EventJournal(paths.project(project)).read(since: last)) ?? []
        let known = Set(journalled.filter(\.isExit).map(\.container))
        return ends.filter { !known.contains($0.container) }
    }

    /// The exit of a container, if it has exited or been removed.
    private func end(of id: String) -> ContainerEvent? {
        let container: ExistingContainer?
        do {
            // The new supervisor reports later exits itself.
            container = try ContainerStore(paths).container(id, of: project, isSupervised: true)
        } catch {
            // The state of an unreadable container is unknown.
            return nil
        }
        guard let names = names[id], container?.hasEnded ?? true else { return nil }
        return ContainerEvent(
            container: id,
            name: names.name,
            service: names.service,
            time: .now,
            kind: .died(exitCode: container?.state.exitCode, restartsIn: nil)
        )
    }
}

extension ContainerEvent {
    fileprivate var isExit: Bool {
        switch kind {
        case .died(_, nil), .startFailed, .stopped, .removed: true
        default: false
        }
    }
}
