import OCI

/// The containers of a project that run as far as somebody has heard who follows its events.
///
/// A supervisor that is killed may not have told of an end any more, and what it has told is gone
/// with a project that was removed; then the files tell.
struct RunningContainers {
    private let paths: DataPaths
    private let project: String
    /// By the container's id, the names that events give it.
    private var names: [String: (name: String, service: String)] = [:]

    init(of project: String, _ paths: DataPaths) {
        self.project = project
        self.paths = paths
        // A project that cannot be listed has none.
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

    /// Ends of which no event tells, neither heard nor among those since a time that are kept.
    func missedExits(since last: Timestamp) -> [ContainerEvent] {
        let ends = names.keys.compactMap(end)
        guard !ends.isEmpty else { return [] }
        // Without a journal nothing is kept.
        let told = (try? EventJournal(paths.project(project)).read(since: last)) ?? []
        let known = Set(told.filter(\.isExit).map(\.container))
        return ends.filter { !known.contains($0.container) }
    }

    /// The end of a container, if it has ended or is gone.
    private func end(of id: String) -> ContainerEvent? {
        let container: ExistingContainer?
        do {
            // The supervisor has just come, and tells by itself what ends now.
            container = try ContainerStore(paths).container(id, of: project, isSupervised: true)
        } catch {
            // Of one that cannot be read nothing is known.
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
