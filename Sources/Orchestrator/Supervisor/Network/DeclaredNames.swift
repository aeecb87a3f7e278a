import Linux
import SystemPackage

/// The names of all containers of a project, whether they run or not.
///
/// Read when first needed, and again after a container has been created or removed.
final class DeclaredNames {
    private let containers: ContainerStore
    private let project: String
    private let watcher: Shared<FileWatcher>?
    private var isWatching = false
    /// The networks on which each name is declared.
    private var networks: [String: Set<String>]?

    init(_ containers: ContainerStore, project: String) {
        self.containers = containers
        self.project = project
        // Without inotify the names are read for each query for an unknown one.
        watcher = try? Shared(FileWatcher())
    }

    /// Reads the names again when they are next needed.
    func forget() { networks = nil }

    /// Whether `name`, or `NAME.NETWORK`, belongs to a container on one of `wanted`.
    ///
    /// Other names with dots may belong to the rest of the world while the container is stopped.
    func contains(_ name: String, on wanted: [String]) -> Bool {
        let networks = currentNetworks()
        let name = name.lowercased()
        guard name.contains(".") else {
            return networks[name]?.isDisjoint(with: wanted) == false
        }
        return wanted.contains { network in
            let domain = "." + network.lowercased()
            return name.hasSuffix(domain)
                && networks[String(name.dropLast(domain.count))]?.contains(network) == true
        }
    }

    private func currentNetworks() -> [String: Set<String>] {
        if let networks, isWatching, hasNoChanges() { return networks }
        startWatching()
        var found: [String: Set<String>] = [:]
        // A project that is being removed has no names.
        let all = (try? containers.readableContainers(of: project))?.containers ?? []
        for record in all.map(\.record) {
            for attachment in record.attachments {
                for name in record.resolvableNames(on: attachment) {
                    found[name.lowercased(), default: []].insert(attachment.network)
                }
            }
        }
        networks = found
        return found
    }

    private func hasNoChanges() -> Bool {
        // An error counts as a change.
        (try? watcher?.value.changes())?.isEmpty ?? false
    }

    private func startWatching() {
        guard !isWatching, let watcher else { return }
        let directory = containers.paths.project(project).containers
        let changes: FileWatcher.Change = [
            .movedHere, .created, .entryMovedAway, .entryRemoved, .removed,
        ]
        // The directory exists while the project has containers.
        isWatching = (try? watcher.value.watch(directory, for: changes)) != nil
    }
}
