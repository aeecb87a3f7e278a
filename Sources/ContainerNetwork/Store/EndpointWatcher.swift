public import Linux
import SystemPackage

/// Reports the endpoints that any process attaches to networks or detaches from them.
///
/// Watches the directories of leases through one event loop.
public final class EndpointWatcher {
    /// Receives the network and the ids of the containers; nil ids when the kernel lost events.
    public typealias Handler = (_ network: String, _ containers: Set<String>?) -> Void

    private let store: NetworkStore
    private let loop: EventLoop
    private let onChange: Handler
    private let watcher: FileWatcher
    private var networks: [FileWatcher.Watch: String] = [:]

    public init(
        _ store: NetworkStore,
        loop: EventLoop,
        onChange: @escaping Handler
    ) throws(NetworkError) {
        self.store = store
        self.loop = loop
        self.onChange = onChange
        watcher = try NetworkError.during("watch networks", try FileWatcher())
        try NetworkError.during(
            "watch networks",
            try loop.watch(watcher.descriptor.number) { [weak self] _ in self?.read() }
        )
    }

    deinit { loop.unwatch(watcher.descriptor.number) }

    /// Starts reporting changes on a network to which a container is attached.
    public func watch(_ network: String) throws(NetworkError) {
        let changes: FileWatcher.Change = [.movedHere, .entryMovedAway, .entryRemoved]
        let watch = try NetworkError.during(
            "watch network '\(network)'",
            try watcher.watch(store.leases(of: network).directory, for: changes)
        )
        networks[watch] = network
    }

    public func unwatch(_ network: String) {
        for (watch, watched) in networks where watched == network {
            watcher.forget(watch)
            networks[watch] = nil
        }
    }

    private func read() {
        // Without events every network may have changed.
        let events = (try? watcher.events()) ?? []
        guard !events.isEmpty, !events.contains(where: { $0.watch == nil }) else {
            for network in networks.values { onChange(network, nil) }
            return
        }
        var containers: [String: Set<String>] = [:]
        for event in events {
            guard let network = event.watch.flatMap({ networks[$0] }),
                let entry = event.name.flatMap({ Leases.Entry(fileName: $0.string) })
            else { continue }
            containers[network, default: []].insert(entry.containerID)
        }
        for (network, changed) in containers { onChange(network, changed) }
    }
}
